"""Inbound shipments on pages: filled in by the connector's rules, tried without sending, sent once, watched."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from planster_sync.model.integrations import IntegrationStatus
from planster_sync.model.runs import Problem
from planster_sync.ports.write_backs import WriteBack, WriteState
from tests.console.known import READER, STRANGER
from tests.console.morning import morning
from tests.console.pages import form_to, text_in
from tests.console.visit import Console
from tests.engine.world import World
from tests.fakes.writable_vendor import declared
from tests.integration.api.caller import shop_of

HOME = "/console/integrations/int1"
NEW = f"{HOME}/shipments/new"
CHANGE = f"{HOME}/shipments/change/asn%2F1"
SHIPMENT = {
    "reference": "PO 7/#1", "warehouse_id": "wh-1", "expected_at": "2026-05-01T02:00", "tracking_numbers": "1Z, 2Z",
    "rows": "3", "sku-1": "SOAP", "quantity-1": "12", "sku-2": "OIL", "quantity-2": "2.5",
}  # fmt: skip


class Quay:
    """A console over a vendor that takes shipments."""

    def __init__(self, visitor: Any = None) -> None:
        self.world = World()
        shop = shop_of(self.world, capabilities=lambda name: declared())
        self.console = Console(shop, visitor) if visitor else Console(shop)

    def post(self, fields: Any, address: str = NEW, **headers: str) -> Any:
        return self.console.post(address, fields, **headers)

    def kept(self, reference: str = "PO 7/#1") -> WriteBack | None:
        return self.world.stores.writes.get("org1", "int1", reference)


def test_the_form_asks_for_what_the_connector_takes_and_nothing_else() -> None:
    fields = form_to(Quay().console.get(NEW).text, "/shipments/new").fields

    assert {"reference", "warehouse_id", "supplier_name", "expected_at", "tracking_numbers"} <= set(fields)
    assert {"sku-0", "quantity-0", "sku-2"} <= set(fields)
    assert not {"supplier_id", "unit_cost-0", "inventory_item_id-0"} & set(fields)


def test_a_dry_run_says_that_nothing_is_missing_and_sends_nothing() -> None:
    quay = Quay()

    seen = quay.post({**SHIPMENT, "effect": "dry_run"})

    assert "Tried; nothing was sent" in text_in(seen.text)
    assert 'value="PO 7/#1"' in seen.text
    assert quay.kept() is None
    assert quay.world.write_queue.sent == []


def test_a_shipment_is_sent_once_and_watched() -> None:
    quay = Quay()

    answer = quay.post({**SHIPMENT, "effect": "send"})
    again = quay.post({**SHIPMENT, "effect": "send"})
    page = quay.console.get(answer.headers["location"])

    write = quay.kept()
    assert write is not None
    assert write.draft is not None
    assert answer.status == again.status == 303
    assert [(line.sku, str(line.quantity)) for line in write.draft.lines] == [("SOAP", "12"), ("OIL", "2.5")]
    assert write.draft.expected_at == "2026-05-01T02:00:00Z"
    assert write.draft.tracking_numbers == ("1Z", "2Z")
    assert write.requested_by == "user-7"
    assert "It has been asked for" in page.text
    assert "data-live" in page.text


def test_each_wrong_field_says_what_is_wrong_beside_it() -> None:
    """The first row is empty: the faults of line 1 belong to row 2."""
    quay = Quay()
    wrong = {**SHIPMENT, "warehouse_id": "", "quantity-1": "many", "quantity-2": "0", "sku-2": ""}

    seen = quay.post({**wrong, "effect": "send"})
    counted = quay.post({**wrong, "quantity-1": "1", "effect": "send"})

    assert (seen.status, counted.status) == (422, 422)
    assert 'id="quantity-1-fault"' in seen.text
    assert 'id="warehouse_id-fault"' in counted.text
    assert "needs the warehouse that receives it" in text_in(counted.text)
    assert 'id="quantity-2-fault"' in counted.text
    assert 'id="sku-2-fault"' in counted.text
    assert quay.kept() is None


@pytest.mark.parametrize(
    "changes",
    [
        {"reference": ""},
        {"reference": "x" * 101},
        {"expected_at": "soon"},
        {"sku-1": "", "quantity-1": "", "sku-2": "", "quantity-2": ""},
        {"quantity-1": ""},
        {"quantity-1": "1e400"},
    ],
)
@pytest.mark.parametrize("effect", ["dry_run", "send"])
def test_what_cannot_be_sent_is_refused_alike_by_both_buttons(changes: dict[str, str], effect: str) -> None:
    quay = Quay()

    assert quay.post({**SHIPMENT, **changes, "effect": effect}).status == 422
    assert quay.world.write_queue.sent == []


def test_more_lines_keep_what_was_typed() -> None:
    fields = form_to(Quay().post({**SHIPMENT, "effect": "more"}).text, "/shipments/new").fields

    assert (fields["rows"], fields["sku-1"], fields["quantity-2"]) == ("8", "SOAP", "2.5")
    assert "sku-7" in fields


def test_a_form_never_grows_beyond_what_it_may_send() -> None:
    seen = Quay().post({**SHIPMENT, "rows": "999", "effect": "more"})

    assert form_to(seen.text, "/shipments/new").fields["rows"] == "30"
    assert "More lines" not in seen.text


@pytest.mark.parametrize("rows", ["0", "1", "-1", "", "x", "1" * 5000])
def test_no_line_gets_lost_whatever_the_form_says_of_its_rows(rows: str) -> None:
    quay = Quay()

    quay.post({**SHIPMENT, "rows": rows, "effect": "send"})

    write = quay.kept()
    assert write is not None
    assert write.draft is not None
    assert [line.sku for line in write.draft.lines] == ["SOAP", "OIL"]


def test_a_change_of_a_shipment_is_sent_too() -> None:
    quay = Quay()
    fields = {"reference": "CHG-1", "expected_at": "2026-06-01T08:00", "rows": "3"}

    tried = quay.post({**fields, "effect": "dry_run"}, CHANGE)
    answer = quay.post({**fields, "effect": "send"}, CHANGE)

    write = quay.kept("CHG-1")
    assert "Tried; nothing was sent" in text_in(tried.text)
    assert answer.status == 303
    assert write is not None
    assert write.change is not None
    assert (write.shipment_id, write.change.expected_at, write.change.lines) == ("asn/1", "2026-06-01T08:00:00Z", None)


def test_another_shipment_under_the_same_reference_is_a_conflict_told_beside_the_form() -> None:
    quay = Quay()
    quay.post({**SHIPMENT, "effect": "send"})

    seen = quay.post({**SHIPMENT, "warehouse_id": "wh-2", "effect": "send"})

    assert seen.status == 409
    assert "already stands for something else" in text_in(seen.text)


def test_a_failure_is_told_with_its_reason_and_remedy() -> None:
    quay = Quay()
    quay.post({**SHIPMENT, "effect": "send"})
    there = quay.kept()
    assert there is not None
    problem = Problem("write_refused", "SOAP is unknown there.", "Create the item first.", retryable=False)
    quay.world.stores.writes.change(there, replace(there, state=WriteState.FAILED, problem=problem))

    live = quay.console.get(f"{HOME}/shipments/live/PO%207%2F%231")

    assert live.headers["poll-after"] == "60"
    assert "SOAP is unknown there." in live.text
    assert "Create the item first." in live.text


def test_a_connector_that_takes_none_says_so() -> None:
    world = World()
    console = Console(shop_of(world))

    assert "cannot be told" in console.get(NEW).text
    assert "cannot be told" in console.post(NEW, {**SHIPMENT, "effect": "send"}).text
    assert world.write_queue.sent == []


def test_a_paused_integration_sends_nothing() -> None:
    quay = Quay()
    quay.world.stores.integrations.put(replace(quay.world.integration, status=IntegrationStatus.PAUSED))

    assert quay.post({**SHIPMENT, "effect": "send"}).status == 409


@pytest.mark.parametrize(("visitor", "status"), [(READER, 403), (STRANGER, 404)])
@pytest.mark.parametrize("address", [NEW, CHANGE])
def test_only_who_may_operate_in_the_organisation_sends(visitor: Any, status: int, address: str) -> None:
    quay = Quay(visitor)

    assert quay.post({**SHIPMENT, "effect": "send"}, address).status == status
    assert quay.world.write_queue.sent == []


@pytest.mark.parametrize("attack", [{"origin": "https://evil.example"}, {"origin": "http://console.example.test"}])
def test_another_sites_form_sends_nothing(attack: dict[str, str]) -> None:
    quay = Quay()

    assert quay.post({**SHIPMENT, "effect": "send"}, **attack).status == 403
    assert quay.world.write_queue.sent == []


def test_known_warehouses_are_offered_by_name() -> None:
    page = Console(morning()[1]).get("/console/integrations/rotterdam/shipments/new").text

    assert '<option value="wh-1">Rotterdam 1</option>' in page
