"""Corrections by hand: which are in force, one made for a record, one taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from http import HTTPStatus
from typing import Any, NamedTuple

from aws_lambda_powertools.event_handler import Response

from planster_sync.engine.correcting import ADJUSTABLE, STOCK, adjustable
from planster_sync.entry.api.adjustment_views import AdjustmentForm
from planster_sync.entry.api.adjustments import AdjustmentRoutes
from planster_sync.entry.api.integrations import IntegrationRoutes
from planster_sync.entry.api.problems import status_of
from planster_sync.entry.api.views import IntegrationDetail
from planster_sync.entry.console import fields
from planster_sync.entry.console.desk import Desk
from planster_sync.entry.console.forms import Form, filled
from planster_sync.entry.console.navigation import place
from planster_sync.entry.console.records_pages import kind_of, record_of, served
from planster_sync.errors import FieldsInvalid, InvalidRequest, NotFound, RefuseCaller, SyncError
from planster_sync.model.catalog import fields_of
from planster_sync.model.data_types import DataType

LIST_SEPARATOR = ","


class Input(NamedTuple):
    """One field of the form: what it holds now, and what was typed over it."""

    name: str
    label: str
    kind: str
    now: Any
    typed: str
    description: str


@dataclass(frozen=True, slots=True)
class CorrectionPages:
    desk: Desk

    def list_all(self, integration: str) -> Response[str]:
        """The corrections in force of one data type."""
        detail = self._detail(integration)
        types = correctable(detail)
        kind = self.desk.one_of(DataType, self.desk.query("data_type")) or next(iter(types), None)
        found = None
        if kind is not None:
            after = self.desk.query("after") or None
            found = self._routes.list_all(self.desk.organisation, integration, kind, after=after)
        return self.desk.show("corrections.html", detail=detail, types=types, data_type=kind, found=found)

    def find(self, integration: str) -> Response[str]:
        """The record of a SKU or an id, to be corrected: the way in from the integration's page."""
        kind = kind_of(self.desk, self.desk.query("data_type") or DataType.INVENTORY_LEVELS)
        sku, record = self.desk.query("sku").strip(), self.desk.query("record").strip()
        try:
            return self._page(integration, kind, record or self._id_of(integration, kind, sku), None)
        except (NotFound, InvalidRequest) as refusal:
            detail = self._detail(integration)
            return self.desk.show(
                "correct_which.html",
                status_of(refusal) if sku or record else HTTPStatus.OK,
                detail=detail,
                types=correctable(detail),
                data_type=kind,
                sku=sku,
                refusal=refusal if sku or record else None,
            )

    def make(self, integration: str, data_type: str, record: str) -> Response[str]:
        """Puts the correction in force, and shows the record; what is wrong is said beside the form."""
        kind, form = kind_of(self.desk, data_type), self.desk.form
        try:
            asked = filled(
                AdjustmentForm,
                {
                    "data_type": kind,
                    "record": record,
                    "warehouse_id": form.text("warehouse_id") or None,
                    "fields": _typed(kind, form),
                    "reason": form.text("reason"),
                },
            )
            self._routes.make(self.desk.organisation, integration, asked)
        except RefuseCaller as refusal:
            return self._page(integration, kind, record, form, refusal)
        address = place("integrations", integration, "records", kind.value, record)
        return self.desk.go(address, notice="corrected")

    def take_back(self, integration: str, data_type: str, record: str) -> Response[str]:
        kind = kind_of(self.desk, data_type)
        self._routes.withdraw(self.desk.organisation, integration, kind, record)
        return self.desk.go(place("integrations", integration, "records", kind.value, record), notice="taken_back")

    @property
    def _routes(self) -> AdjustmentRoutes:
        return AdjustmentRoutes(self.desk.shop, self.desk.app)

    def _detail(self, integration: str) -> IntegrationDetail:
        return IntegrationRoutes(self.desk.shop).show(self.desk.organisation, integration)

    def _id_of(self, integration: str, kind: DataType, sku: str) -> str:
        """Raises NotFound, or InvalidRequest where several records have the SKU."""
        found = self.desk.shop.records.by_sku(self.desk.organisation, integration, sku) if sku else ()
        ids = [str(record["id"]) for record in found if record["data_type"] == kind]
        if not ids:
            raise NotFound("No record has this SKU.", remedy="Check the SKU, or look for it among the records.")
        if len(ids) > 1:
            raise InvalidRequest(f"{len(ids)} records have this SKU.", remedy="Choose one among the records.")
        return ids[0]

    def _page(
        self, integration: str, kind: DataType, record: str, form: Form | None, refusal: SyncError | None = None
    ) -> Response[str]:
        adjustable(kind)
        detail = self._detail(integration)
        found = record_of(self.desk, integration, kind, record)
        return self.desk.show(
            "correct.html",
            status_of(refusal) if refusal else HTTPStatus.OK,
            detail=detail,
            data_type=kind,
            record=found,
            name=fields.name_of(found),
            groups=_groups(_inputs(kind, found, form)),
            warehouses=found.get("warehouses") or [],
            typed=form,
            refusal=refusal,
            faults=dict(refusal.fields) if isinstance(refusal, FieldsInvalid) else {},
        )


def correctable(detail: IntegrationDetail) -> list[DataType]:
    """The data types of which something can be corrected, and which the connector serves."""
    return [each for each in served(detail) if each in ADJUSTABLE]


def _inputs(kind: DataType, record: Mapping[str, Any], form: Form | None) -> list[Input]:
    notes = {note.path: note for note in fields_of(kind)}
    found = []
    for name in adjustable(kind):
        note = notes[name]
        typed = form.text(name) if form else ""
        found.append(Input(name, fields.label(name), note.kind, record.get(name), typed, note.description))
    return found


def _groups(inputs: Sequence[Input]) -> dict[str, list[Input]]:
    """What the source tells first; of the rest hardly anything is ever corrected."""
    told = [each for each in inputs if each.now is not None]
    return {
        "Quantities": [each for each in told if each.name in STOCK],
        "Fields": [each for each in told if each.name not in STOCK],
        "Untold": [each for each in inputs if each.now is None],
    }


def _typed(kind: DataType, form: Form) -> dict[str, Any]:
    """What was filled in, in the kinds that the API takes; empty fields correct nothing.

    Raises:
        FieldsInvalid: a number is none.
    """
    kinds = {note.path: note.kind for note in fields_of(kind)}
    faults: dict[str, str] = {}
    values: dict[str, Any] = {}
    for name in adjustable(kind):
        text = form.text(name)
        if text:
            try:
                values[name] = _value(kinds[name], text, form.text(f"{name}.currency"))
            except InvalidOperation:
                faults[name] = "This is not a number. Write it like 1234.5."
    if faults:
        raise FieldsInvalid(faults)
    if not values:
        raise InvalidRequest(
            "Nothing is corrected.", remedy="Fill in the fields that are wrong; leave the others empty."
        )
    return values


def _value(kind: str, text: str, currency: str) -> Any:
    """Raises InvalidOperation where a number is needed and this is none."""
    if kind == "number":
        number = _number(text)
        return int(number) if number == number.to_integral_value() else number
    if kind == "money":
        return {"amount": _plain(_number(text)), "currency": currency or None}
    if kind == "yes or no":
        return text == "yes"
    if kind.startswith("list of"):
        return _listed(text.split(LIST_SEPARATOR))
    return text


def _number(text: str) -> Decimal:
    number = Decimal(text.replace("\u202f", "").replace(" ", ""))
    if not number.is_finite() or abs(number.adjusted()) > 15:  # more digits than any stock has
        raise InvalidOperation
    return number


def _plain(number: Decimal) -> str:
    text = format(number, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def _listed(parts: Sequence[str]) -> list[str]:
    return [part.strip() for part in parts if part.strip()]
