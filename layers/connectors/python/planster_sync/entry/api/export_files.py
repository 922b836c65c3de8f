"""Exports as one file: asked for, written by the worker, then fetched from the bucket under a short-lived address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from urllib.parse import quote

from aws_lambda_powertools.event_handler import Response, content_types
from aws_lambda_powertools.event_handler.openapi.params import Body, Path
from pydantic import Field

from planster_sync.entry.api.exports import Format
from planster_sync.entry.api.filters import Wanted
from planster_sync.entry.api.integrations import existing
from planster_sync.entry.api.paths import IntegrationId, OrganisationId
from planster_sync.entry.api.records import serving
from planster_sync.entry.api.routing import ApiResolver
from planster_sync.entry.api.shop import ApiShop
from planster_sync.entry.api.status import stamp
from planster_sync.entry.api.views import AskedInstant, Instant, ProblemView, View
from planster_sync.errors import NotFound
from planster_sync.model.data_types import DataType
from planster_sync.model.exports import KEPT, Export, ExportState
from planster_sync.model.runs import Lane

ADDRESS_SECONDS = 300
LOST_AFTER = timedelta(hours=3)
"""Longer than every redelivery of its message together."""

ExportId = Annotated[str, Path(min_length=1, max_length=128, description="The export's id.")]

_SENTENCES = {
    ExportState.REQUESTED: "The file is written within moments.",
    ExportState.WRITING: "The file is being written.",
    ExportState.FAILED: "The file was not written.",
}


class ExportForm(View):
    """What the file holds; the filters are those of the lists."""

    data_type: DataType
    format: Format = Format.CSV
    updated_since: AskedInstant | None = Field(None, description="Only what changed since, tombstones too.")
    sku: str | None = Field(None, min_length=1, max_length=512)
    warehouse: str | None = Field(None, min_length=1, max_length=1024)
    status: str | None = Field(None, min_length=1, max_length=64)


class ExportView(View):
    """An export, and where its file is once it is ready."""

    id: str
    data_type: DataType
    format: Format
    state: ExportState
    sentence: str
    requested_at: Instant
    requested_by: str
    records: int = Field(description="Written so far.")
    bytes: int = Field(description="Of the compressed file so far.")
    file: str = Field(description="The file's name; it is gzip-compressed.")
    url: str | None = Field(description="Where the file is, for five minutes, for whoever has the address; ask again.")
    kept_until: Instant
    ended_at: Instant | None
    problem: ProblemView | None


@dataclass(frozen=True, slots=True)
class ExportFileRoutes:
    shop: ApiShop
    app: ApiResolver

    def ask(
        self, organisation: OrganisationId, integration: IntegrationId, ask: Annotated[ExportForm, Body()]
    ) -> Response[ExportView]:
        """Has the records of a data type written into one file, however many there are."""
        serving(self.shop, organisation, integration, ask.data_type)
        Wanted(ask.data_type, ask.sku, ask.warehouse, ask.status).check()
        now = self.shop.clock.now()
        export = Export(
            organisation,
            integration,
            self.shop.starter.new_run(),
            ask.data_type,
            ask.format.value,
            now,
            self.app.caller.subject,
            check_at=now + timedelta(seconds=self.shop.timings.claim),
            sku=ask.sku,
            warehouse=ask.warehouse,
            status=ask.status,
            since=ask.updated_since,
        )
        self.shop.exports.create(export)
        self.shop.starter.queue.send([export.message], lane=Lane.MANUAL)  # the sweep sends a message that is lost here
        self.shop.journal.event("export_requested", organisation=organisation, integration=integration)
        headers = {"Location": _address(export)}
        return Response(202, content_types.APPLICATION_JSON, self._view(export), headers=headers)

    def show(self, organisation: OrganisationId, integration: IntegrationId, export: ExportId) -> ExportView:
        """How far a file is, and where it can be fetched."""
        existing(self.shop, organisation, integration)
        found = self.shop.exports.get(organisation, integration, export)
        if found is None:
            raise NotFound("There is no such export.", remedy="Ask for a new one; they are kept for a day.")
        return self._view(found)

    def _view(self, export: Export) -> ExportView:
        is_there = export.state is ExportState.READY and self.shop.clock.now() < export.requested_at + KEPT
        return ExportView(
            id=export.id,
            data_type=export.data_type,
            format=Format(export.form),
            state=export.state,
            sentence=self._sentence(export, is_there=is_there),
            requested_at=export.requested_at,
            requested_by=export.requested_by,
            records=export.records,
            bytes=export.bytes,
            file=export.file,
            url=self.shop.files.address(export, ADDRESS_SECONDS) if is_there else None,
            kept_until=export.requested_at + KEPT,
            ended_at=export.ended_at,
            problem=ProblemView.of(export.problem) if export.problem else None,
        )

    def _sentence(self, export: Export, *, is_there: bool) -> str:
        if export.state is ExportState.READY:
            until = stamp(export.requested_at + KEPT)
            return f"The file can be fetched until {until}." if is_there else "The file is no longer kept; ask anew."
        if not export.state.is_final and self.shop.clock.now() > export.requested_at + LOST_AFTER:
            return "The file was never finished; ask for it anew."
        return _SENTENCES[export.state]


def _address(export: Export) -> str:
    parts = (export.organisation, export.integration, export.id)
    organisation, integration, name = (quote(part, safe="") for part in parts)
    return f"/v1/organisations/{organisation}/integrations/{integration}/export-files/{name}"
