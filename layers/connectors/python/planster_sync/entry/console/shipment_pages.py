"""Inbound shipments for the warehouse system: filled in, tried without sending, sent, and watched."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, NamedTuple

from aws_lambda_powertools.event_handler import Response

from planster_sync.entry.api.integrations import IntegrationRoutes
from planster_sync.entry.api.problems import status_of
from planster_sync.entry.api.records import RecordRoutes
from planster_sync.entry.api.views import IntegrationDetail
from planster_sync.entry.api.write_views import TrialView, WriteView
from planster_sync.entry.api.writes import WriteRoutes
from planster_sync.entry.console.desk import Desk
from planster_sync.entry.console.fields import name_of
from planster_sync.entry.console.forms import Form, filled
from planster_sync.entry.console.navigation import place
from planster_sync.entry.console.records_pages import served
from planster_sync.entry.console.shipment_forms import FIRST_ROWS, MORE_ROWS, MOST_ROWS, ShipmentSheet, Typed
from planster_sync.entry.write_forms import ChangeForm, ShipmentForm
from planster_sync.errors import FieldsInvalid, RefuseCaller, SyncError
from planster_sync.model.data_types import DataType
from planster_sync.ports.source import WriteOperation

SOON, LATER = 2, 60
ENDED = ("succeeded", "failed")


class _Outcome(NamedTuple):
    """What became of what the form asked for."""

    trial: TrialView | None = None
    refusal: SyncError | None = None


_NOTHING_YET = _Outcome()


@dataclass(frozen=True, slots=True)
class ShipmentPages:
    desk: Desk

    def show(self, integration: str) -> Response[str]:
        return self._page(integration, WriteOperation.CREATE_INBOUND_SHIPMENT, "")

    def take(self, integration: str) -> Response[str]:
        """Adds rows, tries, or sends: as the button says. What is wrong is said beside each field."""
        return self._taken(integration, WriteOperation.CREATE_INBOUND_SHIPMENT, "")

    def show_change(self, integration: str, shipment: str) -> Response[str]:
        return self._page(integration, WriteOperation.UPDATE_INBOUND_SHIPMENT, shipment)

    def take_change(self, integration: str, shipment: str) -> Response[str]:
        return self._taken(integration, WriteOperation.UPDATE_INBOUND_SHIPMENT, shipment)

    def sent(self, integration: str, reference: str) -> Response[str]:
        return self.desk.show("sent.html", **self._sent(integration, reference))

    def live(self, integration: str, reference: str) -> Response[str]:
        """The part of the page that moves."""
        content = self._sent(integration, reference)
        return self.desk.show_part("sent_live.html", content["seconds"], **content)

    def _sent(self, integration: str, reference: str) -> dict[str, Any]:
        write = WriteRoutes(self.desk.shop, self.desk.app).show(self.desk.organisation, integration, reference)
        seconds = LATER if write.state in ENDED else SOON
        return {"detail": self._detail(integration), "write": write, "seconds": seconds}

    def _taken(self, integration: str, operation: WriteOperation, shipment: str) -> Response[str]:
        form, detail = self.desk.form, self._detail(integration)
        sheet = self._sheet(detail, operation)
        if sheet is None or form.text("effect") == "more":
            return self._page(integration, operation, shipment, form)
        asked = Typed(sheet, form, detail.zone).asked()
        try:
            if form.text("effect") == "send":
                write = self._send(integration, operation, shipment, asked)
                return self.desk.go(place("integrations", integration, "shipments", "sent", write.reference))
            outcome = _Outcome(trial=self._try(integration, operation, shipment, asked))
        except RefuseCaller as refusal:
            outcome = _Outcome(refusal=refusal)
        return self._page(integration, operation, shipment, form, outcome)

    def _try(self, integration: str, operation: WriteOperation, shipment: str, asked: dict[str, Any]) -> TrialView:
        routes, organisation = WriteRoutes(self.desk.shop, self.desk.app), self.desk.organisation
        if operation is WriteOperation.CREATE_INBOUND_SHIPMENT:
            return routes.try_create(organisation, integration, filled(ShipmentForm, asked))
        return routes.try_update(organisation, integration, shipment, filled(ChangeForm, asked))

    def _send(self, integration: str, operation: WriteOperation, shipment: str, asked: dict[str, Any]) -> WriteView:
        routes, organisation = WriteRoutes(self.desk.shop, self.desk.app), self.desk.organisation
        if operation is WriteOperation.CREATE_INBOUND_SHIPMENT:
            answer = routes.create(organisation, integration, filled(ShipmentForm, asked))
        else:
            answer = routes.update(organisation, integration, shipment, filled(ChangeForm, asked))
        write: Any = answer.body
        return WriteView.model_validate(write, from_attributes=True)

    def _page(
        self,
        integration: str,
        operation: WriteOperation,
        shipment: str,
        form: Form | None = None,
        outcome: _Outcome = _NOTHING_YET,
    ) -> Response[str]:
        detail, typed = self._detail(integration), form or Form(())
        sheet = self._sheet(detail, operation)
        rows = Typed(sheet, typed, detail.zone) if sheet else None
        refusal = outcome.refusal
        more = MORE_ROWS if typed.text("effect") == "more" else 0
        return self.desk.show(
            "shipment.html",
            status_of(refusal) if refusal else HTTPStatus.OK,
            detail=detail,
            title=self.desk.title(detail.connector),
            is_new=operation is WriteOperation.CREATE_INBOUND_SHIPMENT,
            shipment=shipment,
            sheet=sheet,
            typed=typed,
            rows=min(rows.rows + more, MOST_ROWS) if rows else FIRST_ROWS,
            most=MOST_ROWS,
            trial=outcome.trial,
            refusal=refusal,
            faults=rows.faults(refusal.fields) if rows and isinstance(refusal, FieldsInvalid) else {},
            known=self._known(detail),
        )

    def _sheet(self, detail: IntegrationDetail, operation: WriteOperation) -> ShipmentSheet | None:
        """None where the connector cannot do it."""
        rules = self.desk.shop.capabilities(detail.connector).writes.get(operation)
        return None if rules is None else ShipmentSheet(operation, rules)

    def _known(self, detail: IntegrationDetail) -> dict[str, list[tuple[str, str]]]:
        """Ids with their names, to be chosen from; others can be typed."""
        lists = {
            "warehouse_id": DataType.WAREHOUSES,
            "supplier_id": DataType.INBOUND_SHIPMENT_SUPPLIERS,
            "warehouse_customer_id": DataType.WAREHOUSE_CUSTOMERS,
        }
        records, there = RecordRoutes(self.desk.shop), served(detail)
        found = {}
        for name, kind in lists.items():
            if kind in there:
                page = records.list_all(self.desk.organisation, detail.id, kind, 100)
                found[name] = [(str(each["id"]), name_of(each)) for each in page.records]
        return found

    def _detail(self, integration: str) -> IntegrationDetail:
        return IntegrationRoutes(self.desk.shop).show(self.desk.organisation, integration)
