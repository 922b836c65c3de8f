"""Creating and changing inbound shipments: what is sent, and what a refusal says."""

from __future__ import annotations

import json
from typing import Any

import pytest

from planster_sync.errors import AnswerBroken, Conflict, Forbidden, NotFound, SyncError, WriteRefused
from planster_sync.http.messages import Answer, Replay
from planster_sync.ports.writing import DraftLine, InboundShipmentChange, InboundShipmentDraft
from tests.connectors.extensiv.scripted import REL, listing, scripted

DRAFT = InboundShipmentDraft(
    reference="PO-1",
    lines=(DraftLine(quantity=5, sku="S7"), DraftLine(quantity=2, inventory_item_id="8:RED", supplier_sku="X")),
    warehouse_id="3",
    warehouse_customer_id="41",
    supplier_id="12",
    expected_at="2026-07-01T07:00:00Z",
    tracking_numbers=("T1", "T2"),
)
STORED = {"readOnly": {"receiverId": 70040}, "referenceNum": "PO-1"}


def answer(status: int, body: Any, **headers: str) -> Answer:
    return Answer(status, headers, json.dumps(body).encode())


def present(*lines: dict[str, Any], etag: str = 'W/"7"') -> Answer:
    model = {**STORED, "poNum": "PO-1", "expectedDate": "2026-07-01T00:00:00", "_links": {"self": {}}}
    return answer(200, {**model, "_embedded": {f"{REL}inventory/receiveritem": list(lines)}}, etag=etag)


def line(item: int, quantity: float, **fields: Any) -> dict[str, Any]:
    return {"itemIdentifier": {"sku": f"S{item}", "id": item}, "qualifier": "", "qty": quantity, **fields}


def test_a_draft_is_sent_once_in_the_warehouses_words_and_read_again() -> None:
    connector, client = scripted(answer(201, STORED, etag='"1"'), STORED)

    made = connector.create_inbound_shipment(DRAFT)

    assert made.id == "70040"
    assert client.asked[0].replay is Replay.NEVER
    assert client.asked[1].path == "/inventory/receivers/70040"
    assert client.sent(0) == {
        "customerIdentifier": {"id": 41},
        "facilityIdentifier": {"id": 3},
        "referenceNum": "PO-1",
        "poNum": "PO-1",
        "expectedDate": "2026-07-01T00:00:00",
        "trackingNumber": "T1, T2",
        "receiveItems": [
            {"itemIdentifier": {"sku": "S7"}, "qty": 5, "supplierIdentifier": {"id": 12}},
            {
                "itemIdentifier": {"id": 8},
                "qualifier": "RED",
                "qty": 2,
                "externalId": "X",
                "supplierIdentifier": {"id": 12},
            },
        ],
    }


def test_a_reference_is_looked_for_among_announcements_and_receivers_and_escaped() -> None:
    nothing = listing("inventory/receiver", [])
    connector, client = scripted(listing("inventory/receiver", [{**STORED, "referenceNum": "PO (1),%"}]), nothing)

    found = connector.find_inbound_shipment("PO (1),%")

    assert found is not None
    assert found.id == "70040"
    assert client.params(0)["rql"] == "referenceNum==PO %281%29%2C%25"
    assert [client.params(each)["receivertype"] for each in (0, 1)] == ["2", "0"]


def test_a_reference_that_only_looks_alike_is_not_ours() -> None:
    connector, _ = scripted(
        listing("inventory/receiver", [{**STORED, "referenceNum": "po-1"}]), listing("inventory/receiver", [])
    )

    assert connector.find_inbound_shipment("PO-1") is None


def test_a_change_sends_the_whole_model_under_its_version() -> None:
    before = present(line(7, 5.0, readOnly={"receiveItemId": 1}, lotNumber="L", _links={}), line(8, 1.25))
    connector, client = scripted(before, answer(200, STORED), STORED)
    change = InboundShipmentChange(
        expected_at="2026-07-03T07:00:00Z", lines=(DraftLine(quantity=9, sku="S7"), DraftLine(quantity=4, sku="S9"))
    )

    connector.update_inbound_shipment("70040", change)

    assert client.params(0) == {"detail": "All"}
    assert (client.asked[1].method, client.asked[1].headers["if-match"]) == ("PUT", 'W/"7"')
    assert client.sent(1) == {
        "readOnly": {"receiverId": 70040},
        "referenceNum": "PO-1",
        "poNum": "PO-1",
        "expectedDate": "2026-07-03T00:00:00",
        "receiveItems": [
            line(7, 9, readOnly={"receiveItemId": 1}, lotNumber="L"),
            line(8, 1.25),
            {"itemIdentifier": {"sku": "S9"}, "qty": 4},
        ],
    }


def test_an_item_on_several_lines_is_not_guessed_at() -> None:
    connector, client = scripted(present(line(7, 5.0), line(7, 2.0)))

    with pytest.raises(WriteRefused):
        connector.update_inbound_shipment("70040", InboundShipmentChange(lines=(DraftLine(quantity=9, sku="S7"),)))

    assert len(client.asked) == 1


def test_without_a_version_nothing_is_changed() -> None:
    connector, client = scripted(STORED)

    with pytest.raises(AnswerBroken):
        connector.update_inbound_shipment("70040", InboundShipmentChange(tracking_numbers=("T",)))

    assert len(client.asked) == 1


def model_error(code: str, *names: str) -> dict[str, Any]:
    properties = [{"Name": name, "Value": "Canary 4711"} for name in names]
    return {"$type": "ModelValidationException", "ErrorCode": code, "Hint": "Canary 4711", "Properties": properties}


@pytest.mark.parametrize(
    ("refused", "error", "words"),
    [
        (answer(400, model_error("Duplicate", "ReferenceNum")), WriteRefused, "already has an inbound shipment"),
        (answer(400, model_error("DoesNotExist", "ReceiveItems[0].ItemIdentifier.Sku")), WriteRefused, "an item's SKU"),
        (answer(400, model_error("Required", "LotNumber")), WriteRefused, "a lot number"),
        (answer(400, model_error("Incompatible", "Qualifier")), WriteRefused, "An item's qualifier does not"),
        (answer(400, model_error("Novel")), WriteRefused, "did not accept"),
        (answer(200, model_error("Duplicate")), WriteRefused, "already has"),
        (answer(403, {"ErrorCode": "OrderConfirmed", "Hint": "Canary"}), WriteRefused, "already received"),
        (answer(403, {"ErrorCode": "Denied", "Hint": "Canary"}), Forbidden, "may not"),
        (Answer(403, {}, b"Canary"), Forbidden, "may not"),
        (answer(404, {}), NotFound, "does not have"),
        (answer(412, {}), Conflict, "meanwhile"),
        (answer(428, {}), Conflict, "meanwhile"),
    ],
)
def test_a_refusal_is_told_in_a_planners_words(refused: Answer, error: type[SyncError], words: str) -> None:
    connector, _ = scripted(refused)

    with pytest.raises(error) as caught:
        connector.create_inbound_shipment(DRAFT)

    assert words in caught.value.what
    assert "Canary" not in f"{caught.value.what} {caught.value.remedy} {caught.value.detail}"


def test_a_warehouse_that_is_no_number_is_refused_before_anything_is_sent() -> None:
    connector, client = scripted()

    with pytest.raises(WriteRefused):
        connector.create_inbound_shipment(InboundShipmentDraft("PO-1", DRAFT.lines, "Reno", "41"))

    assert client.asked == []
