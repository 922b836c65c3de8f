"""How records that take several requests are put together, answer by answer."""

from __future__ import annotations

import json
from typing import Any

import pytest

from planster_sync.errors import AnswerBroken, NotFound
from planster_sync.ports.source import End, Page, ReadRequest
from tests.connectors.shipbob.scripted import items, numbered, scripted

READS = ("inventory_levels", "inbound_shipments", "bills")


def ids(pages: list[Page]) -> list[str | None]:
    return [record.id for page in pages for record in page.records]


def raw(page: Page, place: int = 0) -> Any:
    return json.loads(page.records[place].raw)


def test_stock_is_put_together_from_totals_items_centres_and_lots() -> None:
    connector, client = scripted(
        items({"inventory_id": 1, "total_on_hand_quantity": 5}, {"inventory_id": 2, "total_on_hand_quantity": 0}),
        items(
            {"inventory_id": 2, "is_lot": False, "variant": {"is_active": False}}, {"inventory_id": 1, "is_lot": True}
        ),
        items({"inventory_id": 1, "name": "ignored", "locations": [{"location_id": 10, "on_hand_quantity": 5}]}),
        items({"inventory_id": 1, "lots": [{"lot_number": "L"}]}),
    )

    (page,) = connector.pages(ReadRequest("inventory_levels"))

    assert [path.removeprefix("/2026-07/") for path in client.paths] == [
        "inventory-level",
        "inventory",
        "inventory-level/locations",
        "inventory-level/lots",
    ]
    assert [client.params(index)["InventoryIds"] for index in (1, 2, 3)] == ["1,2", "1,2", "1"]
    assert raw(page) == {
        "inventory_id": 1,
        "total_on_hand_quantity": 5,
        "locations": [{"location_id": 10, "on_hand_quantity": 5}],
        "lots": [{"lot_number": "L"}],
    }
    assert raw(page, 1) == {"inventory_id": 2, "total_on_hand_quantity": 0, "variant": {"is_active": False}}


@pytest.mark.parametrize(
    "rest",
    [
        (items(),),
        (items({"inventory_id": 1}), items()),
        (items({"inventory_id": 1}, {"inventory_id": 9}), items(), items()),
    ],
)
def test_stock_whose_split_is_missing_as_a_whole_is_not_believed(rest: tuple[Any, ...]) -> None:
    connector, _ = scripted(items({"inventory_id": 1, "total_on_hand_quantity": 5}), *rest, items())

    with pytest.raises(AnswerBroken):
        list(connector.pages(ReadRequest("inventory_levels")))


def test_a_bundles_components_are_looked_up_once_where_the_page_lacks_them() -> None:
    def bundle(id_: int, part: int) -> dict[str, Any]:
        return {"id": id_, "variants": [{"id": id_ * 10, "bundle_definition": [{"variant_id": part, "quantity": 1}]}]}

    connector, client = scripted(
        items(bundle(1, 70), bundle(2, 70), bundle(3, 80)),
        items({"id": 7, "variants": [{"id": 71}, {"id": 70, "inventory": {"inventory_id": 700}}]}),
        items(),
    )

    (page,) = connector.pages(ReadRequest("products"))

    assert [raw(page, place)["component_inventory"] for place in range(3)] == [
        {"70": "700"},
        {"70": "700"},
        {"80": None},
    ]
    assert [client.params(index).get("VariantId") for index in range(3)] == [None, "70", "80"]


def test_receiving_orders_come_with_their_boxes_unless_they_were_cancelled() -> None:
    connector, client = scripted(
        numbered(1, 1, 3, {"id": 1, "inventory_quantities": [{}]}, {"id": 2, "status": "Cancelled"}, {"id": 3}),
        [{"box_id": 5}],
        NotFound("gone"),
    )

    (page,) = connector.pages(ReadRequest("inbound_shipments"))

    assert [raw(page, place).get("boxes") for place in range(3)] == [[{"box_id": 5}], None, None]
    assert client.paths[1:] == ["/2026-07/receiving/1/boxes", "/2026-07/receiving/3/boxes"]


@pytest.mark.parametrize("status", ["Awaiting", "Processing", None])
def test_announced_goods_without_any_box_are_not_believed(status: str | None) -> None:
    connector, _ = scripted(numbered(1, 1, 1, {"id": 1, "status": status, "inventory_quantities": [{}]}), [])

    with pytest.raises(AnswerBroken):
        list(connector.pages(ReadRequest("inbound_shipments")))


@pytest.mark.parametrize("status", ["Completed", "Incomplete"])
def test_orders_of_old_may_have_no_boxes(status: str) -> None:
    connector, _ = scripted(numbered(1, 1, 1, {"id": 1, "status": status, "inventory_quantities": [{}]}), [])

    (page,) = connector.pages(ReadRequest("inbound_shipments"))

    assert raw(page)["boxes"] == []


def test_invoices_come_with_all_their_charges_and_without_payments() -> None:
    connector, client = scripted(
        items({"invoice_id": 1, "amount": 3}, following="tok/1"),
        items({"transaction_id": "a"}, following="t2"),
        items({"transaction_id": "b"}),
        items({"invoice_id": 2, "amount": 0}),
        items(),
    )

    pages = list(connector.pages(ReadRequest("bills")))

    assert raw(pages[0])["transactions"] == [{"transaction_id": "a"}, {"transaction_id": "b"}]
    assert raw(pages[1])["transactions"] == []
    assert client.params(0)["FromDate"] == "2014-01-01"
    assert "ToDate" in client.params(0)
    assert "Payment" not in [value for _, value in client.asked[0].params]
    assert [client.params(index).get("Cursor") for index in (2, 3)] == ["t2", "tok/1"]


def test_an_invoice_may_have_no_charges() -> None:
    connector, _ = scripted(items({"invoice_id": 1, "amount": 3}), items())

    (page,) = connector.pages(ReadRequest("bills"))

    assert raw(page) == {"invoice_id": 1, "amount": 3, "transactions": []}


def test_locations_and_centres_are_one_list_in_which_hubs_stand_too() -> None:
    connector, client = scripted(
        [{"id": 10, "name": "A", "is_active": True}, {"id": 11, "name": "B", "is_active": False}],
        [{"id": 10, "name": "A again", "city": "Joliet"}, {"id": 99, "name": "Hub"}],
    )

    (page,) = connector.pages(ReadRequest("warehouses"))

    assert page.end is End.PROVEN
    assert raw(page) == {"id": 10, "name": "A", "is_active": True, "city": "Joliet"}
    assert ids([page]) == ["10", "11", "99"]
    assert client.params(0) == {"IncludeInactive": "true", "AccessGranted": "true"}


def test_a_merchant_may_have_no_centre_that_takes_deliveries() -> None:
    connector, _ = scripted([{"id": 1}], [])

    (page,) = connector.pages(ReadRequest("warehouses"))

    assert ids([page]) == ["1"]


@pytest.mark.parametrize("answers", [([], [{"id": 1}]), ({"id": 1}, [])])
def test_centres_that_are_no_locations_are_not_believed(answers: tuple[Any, Any]) -> None:
    connector, _ = scripted(*answers)

    with pytest.raises(AnswerBroken):
        list(connector.pages(ReadRequest("warehouses")))


@pytest.mark.parametrize("id_", ["../channel", "7,8", " ", None, {"a": 1}])
def test_a_record_with_an_impossible_id_spoils_no_page(id_: Any) -> None:
    stock, asked = scripted(items({"inventory_id": id_}, {"inventory_id": 1}), items({"inventory_id": 1}), items())
    orders, _ = scripted(numbered(1, 1, 2, {"id": id_}, {"id": 1}), [{"box_id": 5}])
    bills, _ = scripted(items({"invoice_id": id_}, {"invoice_id": 1}), items())

    pages = [next(iter(one.pages(ReadRequest(read)))) for one, read in zip((stock, orders, bills), READS, strict=True)]

    assert [len(page.records) for page in pages] == [2, 2, 2]
    assert asked.params(1)["InventoryIds"] == "1"
