"""The records browser: a list with its filters, and one record with everything that is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from aws_lambda_powertools.event_handler import Response

from planster_sync.entry.api.adjustments import AdjustmentRoutes
from planster_sync.entry.api.exports import Format
from planster_sync.entry.api.filters import SKU, STATUS, WAREHOUSE, paths_of
from planster_sync.entry.api.integrations import IntegrationRoutes
from planster_sync.entry.api.problems import status_of
from planster_sync.entry.api.records import RecordList, RecordRoutes, stored
from planster_sync.entry.api.views import IntegrationDetail
from planster_sync.entry.console import fields
from planster_sync.entry.console.desk import Desk
from planster_sync.entry.console.filtering import Filters
from planster_sync.entry.console.navigation import place
from planster_sync.errors import InvalidRequest, RefuseCaller
from planster_sync.model.catalog import statuses_of
from planster_sync.model.data_types import DataType
from planster_sync.ports.source import WriteOperation

SHOWN = 50


@dataclass(frozen=True, slots=True)
class RecordPages:
    desk: Desk

    def list_all(self, integration: str) -> Response[str]:
        """Records of one data type; what a filter cannot be is said beside the form."""
        detail = self._detail(integration)
        data_type = self._data_type(detail)
        filters = Filters.asked(self.desk)
        after = self.desk.query("after") or None
        found, refusal = RecordList(records=[], after=None), None
        try:
            found = self._listed(integration, data_type, filters, filters.moment(detail.zone), after)
        except RefuseCaller as refused:
            refusal = refused
        return self.desk.show(
            "records.html",
            status_of(refusal) if refusal else HTTPStatus.OK,
            detail=detail,
            data_type=data_type,
            types=served(detail),
            filters=filters,
            can={each: bool(paths_of(data_type, each)) for each in (SKU, WAREHOUSE, STATUS)},
            statuses=statuses_of(data_type),
            named_by=fields.COLUMNS[data_type][0],
            columns=fields.COLUMNS[data_type][1:],
            records=found.records,
            after=found.after,
            kept={"data_type": data_type.value, **filters.given()},
            files=self._files(integration, data_type, filters) if refusal is None else {},
            refusal=refusal,
        )

    def show(self, integration: str, data_type: str, record: str) -> Response[str]:
        """One record, its correction and the corrections before; a tombstone too."""
        detail, kind = self._detail(integration), kind_of(self.desk, data_type)
        found = RecordRoutes(self.desk.shop).show(self.desk.organisation, integration, kind, record)
        history = AdjustmentRoutes(self.desk.shop, self.desk.app).show(
            self.desk.organisation, integration, kind, found["id"]
        )
        return self.desk.show(
            "record.html",
            detail=detail,
            data_type=kind,
            record=found,
            name=fields.name_of(found),
            facts=fields.facts_of(found),
            sheets=fields.sheets_of(found),
            history=history,
            can_change=kind is DataType.INBOUND_SHIPMENTS
            and WriteOperation.UPDATE_INBOUND_SHIPMENT in self.desk.shop.capabilities(detail.connector).writes,
        )

    def _listed(
        self, integration: str, data_type: DataType, filters: Filters, since: datetime | None, after: str | None
    ) -> RecordList:
        return RecordRoutes(self.desk.shop).list_all(
            self.desk.organisation,
            integration,
            data_type,
            SHOWN,
            after,
            since,
            filters.sku or None,
            filters.warehouse or None,
            filters.status or None,
        )

    def _detail(self, integration: str) -> IntegrationDetail:
        return IntegrationRoutes(self.desk.shop).show(self.desk.organisation, integration)

    def _data_type(self, detail: IntegrationDetail) -> DataType:
        """The one that was asked for, else the first that the connector serves."""
        asked = self.desk.one_of(DataType, self.desk.query("data_type"))
        return asked or next(iter(served(detail)), DataType.INVENTORY_LEVELS)

    def _files(self, integration: str, data_type: DataType, filters: Filters) -> Mapping[str, str]:
        home = place("integrations", integration, "exports", data_type.value)
        return {form.value.upper(): f"{home}?{urlencode({'format': form.value, **filters.given()})}" for form in Format}


def served(detail: IntegrationDetail) -> list[DataType]:
    """The data types that the connector has, in order of priority."""
    return [each.data_type for each in detail.data_types if each.read is not None]


def kind_of(desk: Desk, data_type: str) -> DataType:
    """Raises InvalidRequest where the address names no data type."""
    kind = desk.one_of(DataType, data_type)
    if kind is None:
        raise InvalidRequest("The address names no data type.", remedy="Follow a link instead.")
    return kind


def record_of(desk: Desk, integration: str, data_type: DataType, record: str) -> dict[str, Any]:
    """The record as it is shown. Raises NotFound where it was never stored."""
    return stored(desk.shop, desk.organisation, integration, data_type, record)
