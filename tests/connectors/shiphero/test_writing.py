"""Refusals and answers of mutations, shape by shape; the writers' contract holds what goes well."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from planster_sync.errors import (
    AnswerBroken,
    Conflict,
    Forbidden,
    SourceUnavailable,
    SyncError,
    Throttled,
    WriteRefused,
)
from planster_sync.http.messages import Replay
from planster_sync.model.record import Money
from planster_sync.ports.writing import DraftLine, InboundShipmentChange, InboundShipmentDraft
from tests.connectors.shiphero.scripted import answer, connection, failure, scripted

PRICE = Money(amount="1.25", currency="EUR")
DRAFT = InboundShipmentDraft("PO-1", (DraftLine(12, sku="SOAP", unit_cost=PRICE),), warehouse_id="w")
LINES = (DraftLine(20, sku="Soap "),)


def order(*lines: Any, more: str | None = None) -> dict[str, Any]:
    return {"id": "po", "po_number": "PO-1", "line_items": connection(*lines, more=more)}


def made(mutation: str, record: Any) -> dict[str, Any]:
    return {"data": {mutation: {"request_id": "r", "complexity": 1, "purchase_order": record}}}


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("Warehouse not found for Ana Invented", "does not know this warehouse"),
        ("Vendor not found", "does not know this supplier"),
        ("Product with sku SOAP doesn't exist", "does not know one of the products: SOAP"),
        ("Quantity must be greater than zero", "one of the quantities"),
        ("Purchase order is closed and can't be updated", "takes no change"),
        ("Purchase order not found", "no such purchase order"),
        ("Ana Invented said no", "a reason that is not known here"),
    ],
)
def test_a_refusal_says_what_is_wrong_and_quotes_nobody(message: str, words: str) -> None:
    connector, _, _ = scripted(failure("purchase_order_create", code=3, message=message))

    with pytest.raises(WriteRefused) as caught:
        connector.create_inbound_shipment(DRAFT)

    assert words in caught.value.what
    assert "Ana" not in f"{caught.value.what} {caught.value.detail}"


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        ({"code": 30, "time_remaining": "4 seconds"}, Throttled),
        ({"code": 7, "message": "Missing required scope(s): change:purchase_orders"}, Forbidden),
        ({"code": 3, "message": "Purchase Order with po_number PO-1 already exists"}, Conflict),
    ],
)
def test_what_is_no_refusal_of_the_content_is_not_told_as_one(error: dict[str, Any], raised: type[SyncError]) -> None:
    connector, _, _ = scripted(failure("purchase_order_create", **error))

    with pytest.raises(raised):
        connector.create_inbound_shipment(DRAFT)


def test_a_mutation_is_never_sent_again_by_the_client_and_a_query_may_be() -> None:
    connector, client, _ = scripted(
        answer("purchase_orders", connection()), made("purchase_order_create", order({"sku": "SOAP", "quantity": 12}))
    )

    assert connector.find_inbound_shipment("PO-1") is None
    connector.create_inbound_shipment(DRAFT)

    assert [request.replay for request in client.asked] == [Replay.SAFE, Replay.NEVER]


def test_money_is_text_and_what_the_vendor_demands_is_told() -> None:
    connector, client, _ = scripted(made("purchase_order_create", order()))

    connector.create_inbound_shipment(DRAFT)

    sent = client.variables(0)["data"]
    assert (sent["subtotal"], sent["shipping_price"], sent["total_price"]) == ("15.00", "0.00", "15.00")
    assert sent["line_items"] == [{"sku": "SOAP", "quantity": 12, "price": "1.25", "expected_weight_in_lbs": "0"}]
    assert not {"po_date", "vendor_id", "quantity_received"} & sent.keys()


def test_a_price_in_another_currency_than_the_accounts_is_refused_unsent() -> None:
    connector, client, _ = scripted(currency="USD")

    with pytest.raises(WriteRefused, match="USD"):
        connector.create_inbound_shipment(DRAFT)

    assert client.asked == []


@pytest.mark.parametrize(
    "change",
    [
        InboundShipmentChange(tracking_numbers=("1", "2")),
        InboundShipmentChange(lines=(DraftLine(Decimal("1.5"), sku="A"),)),
    ],
)
def test_what_the_vendor_cannot_hold_is_refused_unsent(change: InboundShipmentChange) -> None:
    connector, client, _ = scripted(answer("r0", order({"sku": "A", "quantity": 1})))

    with pytest.raises(WriteRefused):
        connector.update_inbound_shipment("po", change)

    assert all("mutation" not in client.document(place) for place in range(len(client.asked)))


def test_an_order_with_a_sku_twice_is_not_changed_by_sku() -> None:
    twice = order({"sku": "SOAP", "quantity": 1}, {"sku": "soap", "quantity": 2})
    connector, client, _ = scripted({"data": {"r0": {"data": twice}}})

    with pytest.raises(WriteRefused, match="twice"):
        connector.update_inbound_shipment("po", InboundShipmentChange(lines=LINES))

    assert len(client.asked) == 1


def test_a_line_that_was_left_out_in_silence_is_told() -> None:
    connector, _, _ = scripted(
        {"data": {"r0": {"data": order({"sku": "OTHER", "quantity": 1})}}},
        made("purchase_order_update", order({"sku": "OTHER", "quantity": 1})),
    )

    with pytest.raises(WriteRefused, match="did not take one of the lines"):
        connector.update_inbound_shipment("po", InboundShipmentChange(lines=LINES))


def test_a_change_is_seen_on_lines_behind_the_first_page() -> None:
    connector, _, _ = scripted(
        {"data": {"r0": {"data": order({"sku": "A", "quantity": 1})}}},
        made("purchase_order_update", order({"sku": "A", "quantity": 1}, more="c0")),
        answer("purchase_order", {"line_items": connection({"sku": "SOAP", "quantity": 20})}),
    )

    record = connector.update_inbound_shipment("po", InboundShipmentChange(lines=LINES))

    assert [line["sku"] for line in connector.map("inbound_shipments", record.raw).owned[0].attributes()["lines"]] == [
        "A",
        "SOAP",
    ]


@pytest.mark.parametrize(
    ("rest", "error"),
    [
        ([made("purchase_order_create", None)], AnswerBroken),
        (
            [made("purchase_order_create", order(more="c0")), failure("purchase_order", code=7, message="scope")],
            SourceUnavailable,
        ),
    ],
)
def test_a_made_order_that_cannot_be_read_is_never_told_as_refused(rest: list[Any], error: type[SyncError]) -> None:
    connector, _, _ = scripted(*rest)

    with pytest.raises(error) as caught:
        connector.create_inbound_shipment(DRAFT)

    assert caught.value.retryable


def test_an_order_is_found_by_its_whole_number_and_once_only() -> None:
    same, longer = {**order(), "id": "a"}, {**order(), "id": "b", "po_number": "PO-11"}
    connector, _, _ = scripted(
        answer("purchase_orders", connection(longer, same)), answer("purchase_orders", connection(same, same))
    )

    found = connector.find_inbound_shipment("PO-1")

    assert found is not None
    assert found.id == "a"
    with pytest.raises(Conflict):
        connector.find_inbound_shipment("PO-1")
