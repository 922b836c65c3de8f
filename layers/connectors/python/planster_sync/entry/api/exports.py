"""Records as files: CSV for spreadsheets, NDJSON for programs, in parts that follow each other without a seam."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from importlib import import_module
from types import ModuleType
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from planster_sync.entry.api.filters import Wanted
from planster_sync.entry.api.paths import (
    After,
    DataTypeName,
    IntegrationId,
    OrganisationId,
    Sku,
    StatusWord,
    WarehouseName,
)
from planster_sync.entry.api.records import UpdatedSince, serving, walk_of
from planster_sync.entry.api.shop import ApiShop
from planster_sync.entry.api.walks import Walk
from planster_sync.model.data_types import DataType

ROWS = 100
"""Read at once."""
MOST_READS = 20
"""A part ends after so many pages, so that its answer comes within seconds."""
ENOUGH = 750_000
"""Behind so many characters no other page is begun; with a page of 4 MB the part stays below Lambda's 6 MB."""


class Format(StrEnum):
    CSV = "csv"
    NDJSON = "ndjson"


MEDIA_TYPES = {Format.CSV: "text/csv; charset=utf-8", Format.NDJSON: "application/x-ndjson"}

FormatName = Annotated[Format, Query(alias="format", description="csv for spreadsheets, ndjson for programs.")]


@dataclass(frozen=True, slots=True)
class ExportRoutes:
    shop: ApiShop

    def export(
        self,
        organisation: OrganisationId,
        integration: IntegrationId,
        data_type: DataTypeName,
        form: FormatName = Format.CSV,
        after: After = None,
        updated_since: UpdatedSince = None,
        sku: Sku = None,
        warehouse: WarehouseName = None,
        status: StatusWord = None,
    ) -> Response[str]:
        """One part of the export; the header `Link` with rel="next" names the following one.

        The parts, put behind each other as they are, make the file: only the first CSV part has a line of names.
        """
        serving(self.shop, organisation, integration, data_type)
        walk = walk_of(organisation, integration, Wanted(data_type, sku, warehouse, status), updated_since)
        walk = replace(walk, shown_as="exports")
        rows, position = self._rows(walk, walk.opened(after))
        text = _WRITERS[form](data_type, rows)
        if form is Format.CSV and after is None:
            text = _names(data_type) + text
        headers = {
            "Content-Disposition": f'attachment; filename="{data_type.value}.{form.value}"',
            "X-Records": str(len(rows)),
        }
        following = walk.sealed(position)
        if following is not None:
            headers["Link"] = f'<{_address(walk, form, following)}>; rel="next"'
        return Response(200, MEDIA_TYPES[form], text, headers=headers)

    def _rows(self, walk: Walk, position: str | None) -> tuple[list[dict[str, Any]], str | None]:
        rows: list[dict[str, Any]] = []
        size = 0
        for _ in range(MOST_READS):
            found = walk.page(self.shop.records, ROWS, position)
            position = found.position
            rows += found.records
            size += sum(len(str(record)) for record in found.records)
            if position is None or size > ENOUGH:
                break
        return rows, position


def _csv(data_type: DataType, rows: Sequence[Mapping[str, Any]]) -> str:
    return str(_sheets().lines(data_type, rows))


def _ndjson(_: DataType, rows: Sequence[Mapping[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _names(data_type: DataType) -> str:
    return str(_sheets().names(data_type))


def _sheets() -> ModuleType:
    """Loaded by the first CSV: it brings the classes of all records."""
    return import_module("planster_sync.entry.api.sheets")


_WRITERS: Mapping[Format, Callable[[DataType, Sequence[Mapping[str, Any]]], str]] = {
    Format.CSV: _csv,
    Format.NDJSON: _ndjson,
}


def _address(walk: Walk, form: Format, after: str) -> str:
    parts = (walk.organisation, walk.integration)
    organisation, integration = (quote(part, safe="") for part in parts)
    wanted = walk.wanted
    asked = {
        "format": form.value,
        "sku": wanted.sku,
        "warehouse": wanted.warehouse,
        "status": wanted.status,
        "updated_since": walk.since.isoformat() if walk.since else None,
        "after": after,
    }
    query = urlencode({name: value for name, value in asked.items() if value is not None})
    place = f"/v1/organisations/{organisation}/integrations/{integration}/exports/{wanted.data_type.value}"
    return f"{place}?{query}"
