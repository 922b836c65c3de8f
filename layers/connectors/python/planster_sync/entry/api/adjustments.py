"""Corrections by hand: made, made many at a time, listed, looked back on, and taken back."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Annotated, Any
from urllib.parse import unquote

from aws_lambda_powertools.event_handler.openapi.params import Body

from planster_sync.entry.api import cursors
from planster_sync.entry.api.adjusting import Ask, Desk, Draft
from planster_sync.entry.api.adjustment_views import (
    AdjustmentForm,
    AdjustmentHistory,
    AdjustmentList,
    AdjustmentMade,
    AdjustmentView,
    BulkForm,
    BulkView,
    Effect,
    LineChange,
    LineError,
)
from planster_sync.entry.api.paths import After, DataTypeName, IntegrationId, Limit, OrganisationId, RecordId
from planster_sync.entry.api.records import serving
from planster_sync.entry.api.routing import ApiResolver
from planster_sync.entry.api.shop import ApiShop
from planster_sync.errors import NotFound, RefuseCaller, SyncError
from planster_sync.model.data_types import DataType
from planster_sync.ports.stores import RecordKey


@dataclass(frozen=True, slots=True)
class AdjustmentRoutes:
    shop: ApiShop
    app: ApiResolver

    def make(
        self, organisation: OrganisationId, integration: IntegrationId, ask: Annotated[AdjustmentForm, Body()]
    ) -> AdjustmentMade:
        """Corrects a record by hand, at once, until a sync has read the source again.

        Stock stays a sum: a corrected on_hand moves fulfillable with it, a warehouse's correction moves the total.
        """
        serving(self.shop, organisation, integration, ask.data_type)
        correcting = import_module("planster_sync.engine.correcting")
        correcting.adjustable(ask.data_type)
        correction = correcting.Correction(ask.fields, ask.warehouse_id)
        desk = Desk(self.shop, organisation, integration, ask.data_type)
        desk.add(Ask(correction, ask.reason, record=ask.record, sku=ask.sku))
        (made,) = desk.apply(self._author(ask.author))
        self._tell("adjustment_made", organisation, integration, 1)
        shown = self.shop.records.get(organisation, integration, made.key)
        return AdjustmentMade(adjustment=AdjustmentView.of(made), record=shown or {})

    def make_many(
        self, organisation: OrganisationId, integration: IntegrationId, ask: Annotated[BulkForm, Body()]
    ) -> BulkView:
        """Corrects many records by CSV; the answer names every line that is wrong. All lines are applied, or none."""
        serving(self.shop, organisation, integration, ask.data_type)
        lines = import_module("planster_sync.entry.api.adjustment_lines")
        names, rows = lines.lines_of(ask.csv)
        lines.check_columns(names, ask.data_type)
        desk = Desk(self.shop, organisation, integration, ask.data_type)
        errors: list[LineError] = []
        numbers: dict[str, list[int]] = {}
        for number, cells in rows:
            try:
                draft = desk.add(lines.ask_of(names, cells, ask.data_type, ask.reason))
                numbers.setdefault(draft.record["id"], []).append(number)
            except RefuseCaller as refused:
                errors.append(_line_error(number, refused))
        is_applied = ask.effect is Effect.APPLY and not errors
        if is_applied:
            self._tell("adjustments_made", organisation, integration, len(desk.apply(self._author(ask.author))))
        changes = [_line_change(numbers[draft.record["id"]], draft) for draft in desk.drafts]
        return BulkView(applied=is_applied, lines=len(rows), errors=errors, changes=changes)

    def list_all(
        self,
        organisation: OrganisationId,
        integration: IntegrationId,
        data_type: DataTypeName,
        limit: Limit = 50,
        after: After = None,
    ) -> AdjustmentList:
        """The corrections of a data type that are in force."""
        serving(self.shop, organisation, integration, data_type)
        scope = ("adjustments", organisation, integration, data_type.value)
        position = cursors.opened(scope, after) if after else None
        found, following = self.shop.adjustments.in_force(
            organisation, integration, data_type, limit=limit, after=position
        )
        return AdjustmentList(
            adjustments=[AdjustmentView.of(each) for each in found],
            after=cursors.sealed(scope, following) if following is not None else None,
        )

    def show(
        self, organisation: OrganisationId, integration: IntegrationId, data_type: DataTypeName, record: RecordId
    ) -> AdjustmentHistory:
        """Every correction of a record: the one in force and the ended ones."""
        key = self._key(organisation, integration, data_type, record)
        in_force = self.shop.adjustments.find(organisation, integration, key)
        ended = self.shop.adjustments.history(organisation, integration, key)
        return AdjustmentHistory(
            in_force=AdjustmentView.of(in_force) if in_force else None,
            ended=[AdjustmentView.ended(each) for each in reversed(ended)],
        )

    def withdraw(
        self, organisation: OrganisationId, integration: IntegrationId, data_type: DataTypeName, record: RecordId
    ) -> AdjustmentHistory:
        """Takes a correction back: the record says again what the source said."""
        key = self._key(organisation, integration, data_type, record)
        in_force = self.shop.adjustments.find(organisation, integration, key)
        if in_force is None:
            raise NotFound("No correction of this record is in force.", remedy="Nothing to do.")
        self.shop.adjustments.withdraw(organisation, integration, in_force, self.shop.clock.now())
        self._tell("adjustment_withdrawn", organisation, integration, 1)
        return self.show(organisation, integration, data_type, key.id)

    def _key(self, organisation: str, integration: str, data_type: DataType, record: str) -> RecordKey:
        """The id as it stands or decoded, whichever is stored."""
        serving(self.shop, organisation, integration, data_type)
        for name in dict.fromkeys((record, unquote(record))):
            key = RecordKey(data_type, name)
            if self.shop.records.get(organisation, integration, key) is not None:
                return key
        raise NotFound("There is no such record in Planster's copy.", remedy="Check the id, or sync the data type.")

    def _author(self, given: str | None) -> str:
        caller = self.app.caller
        return given if given is not None and caller.is_back_end else caller.subject

    def _tell(self, event: str, organisation: str, integration: str, count: int) -> None:
        self.shop.journal.event(event, organisation=organisation, integration=integration, counts=count)


def _line_error(number: int, refused: SyncError) -> LineError:
    return LineError(line=number, code=refused.code, what=refused.what, remedy=refused.remedy)


def _line_change(lines: list[int], draft: Draft) -> LineChange:
    before: dict[str, Any] = draft.before
    return LineChange(lines=lines, record=draft.record["id"], fields=draft.fields, before=before)
