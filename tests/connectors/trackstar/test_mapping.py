"""Source record to unified record, pair by pair: the values that are easily got wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest

from planster_sync.connectors import registry
from planster_sync.errors import RecordInvalid
from tests.connectors.trackstar.subject import sample


def mapped(read: str, raw: bytes | dict[str, Any], **settings: Any) -> list[dict[str, Any]]:
    """The unified records as they are stored."""
    body = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
    result = registry.mapper("trackstar", settings).map(read, body)
    return [record.attributes() for record in (*result.owned, *result.shared)]


def test_inventory_keeps_the_split_ordered_and_unknown_apart_from_zero() -> None:
    (level,) = mapped("inventory_levels", sample("inventory_levels"))

    assert (level["on_hand"], level["unsellable"], level["awaiting"]) == (75, 2, 40)
    assert [each["warehouse_id"] for each in level["warehouses"]] == ["wh-a", "wh-b"]
    assert "unsellable" not in level["warehouses"][1]


def test_a_total_of_zero_over_an_unknown_split_is_unknown() -> None:
    (level,) = mapped("inventory_levels", sample("inventory_levels_sparse"))

    assert level["on_hand"] == 0
    assert "committed" not in level
    assert "sellable" not in level


def test_lots_keep_their_day_whether_or_not_a_time_is_given() -> None:
    lots = [
        {"lot_id": "A", "expiration_date": "2027-03-01T00:00:00Z"},
        {"lot_id": "B", "expiration_date": "2027-03-01"},
    ]

    (level,) = mapped("inventory_levels", {"id": "i", "lots": lots})

    assert [lot["expires_on"] for lot in level["lots"]] == ["2027-03-01", "2027-03-01"]


def test_measures_become_millimetres_and_grams() -> None:
    (level,) = mapped("inventory_levels", sample("inventory_levels"))

    assert level["measurements"] == {
        "length_mm": "90",
        "width_mm": "90",
        "height_mm": "115",
        "weight_g": "340.1942775",
        "length_unit": "cm",
        "weight_unit": "oz",
    }


def test_a_kit_names_its_components() -> None:
    (product,) = mapped("products", sample("products"))

    assert product["is_kit"] is True
    assert [(each["inventory_item_id"], each["quantity"]) for each in product["components"]] == [
        ("inv-501", 2),
        ("inv-503", 1),
    ]
    assert product["barcodes"] == ["0012345678905"]


def test_a_price_in_text_is_as_exact_as_one_in_numbers() -> None:
    (product,) = mapped("products", sample("products"), currency="EUR")

    assert product["suppliers"][0]["unit_cost"] == {"amount": "11.25", "currency": "EUR"}
    assert product["unit_price"] == {"amount": "29.9", "currency": "EUR"}


def test_an_amount_without_currency_has_none_unless_the_settings_name_it() -> None:
    (product,) = mapped("products", sample("products"))

    assert product["unit_price"] == {"amount": "29.9"}


def test_an_inbound_shipment_tells_what_is_still_to_come() -> None:
    (inbound,) = mapped("inbound_shipments", sample("inbound_shipments"))

    assert inbound["status"] == {"value": "in_transit", "vendor": "On the water"}
    assert (inbound["lines"][0]["expected"], inbound["lines"][0]["received"]) == (40, 15)
    assert inbound["receipts"][0]["lines"][0]["quantity"] == 15
    assert inbound["expected_at"] == "2026-02-11T00:00:00Z"
    assert inbound["tracking_numbers"] == ["TRK-1"]


def test_an_order_brings_its_shipments_and_its_channel() -> None:
    order, shipment, channel = mapped("orders", sample("orders"))

    assert order["total_price"] == {"amount": "329.5", "currency": "SEK"}
    assert order["destination"] == {"region": "Skane", "postal_code": "222 22", "country": "SE"}
    assert (shipment["id"], shipment["shipment_id"], shipment["order_id"]) == ("ord-88/s-9", "s-9", "ord-88")
    assert shipment["packages"][0]["lines"][0]["lot_id"] == "L-26-01"
    assert channel == {"id": "ch-5", "name": "Web shop North"}


def test_a_shipment_does_not_change_with_its_orders_stamp() -> None:
    later = {**json.loads(sample("orders")), "updated_date": "2026-03-01T00:00:00Z", "status": "fulfilled"}

    assert mapped("orders", later)[1] == mapped("orders", sample("orders"))[1]


def test_an_unknown_status_is_other_and_a_missing_one_is_null() -> None:
    (order,) = mapped("orders", sample("orders_sparse"))
    (bare,) = mapped("orders", {"id": "o"})

    assert order["status"] == {"value": "other", "vendor": "awaiting_moon"}
    assert "status" not in bare


def test_a_shipment_that_stands_twice_in_an_order_is_refused() -> None:
    order = {"id": "o", "shipments": [{"shipment_id": "s"}, {"shipment_id": "s"}]}

    with pytest.raises(RecordInvalid) as caught:
        mapped("orders", order)

    assert caught.value.path == "shipments"


def test_a_return_reason_is_kept_only_as_a_known_word() -> None:
    (back,) = mapped("returns", sample("returns"))

    assert [line["reason"] for line in back["lines"]] == [{"value": "damaged", "vendor": "Damaged"}, {"value": "other"}]


def test_a_charge_is_a_bill_of_one_line() -> None:
    (bill,) = mapped("bills", sample("bills"))

    assert bill["total"] == {"amount": "38.2", "currency": "SEK"}
    assert [line["charge"]["value"] for line in bill["lines"]] == ["shipping"]


def test_location_ids_stay_apart_between_warehouses() -> None:
    ids = [
        mapped("warehouse_locations", {"id": "A/1", "warehouse_id": each})[0]["id"] for each in ("w", "w/A", "w%2FA")
    ]

    assert ids == ["w/A/1", "w%2FA/A/1", "w%252FA/A/1"]


@pytest.mark.parametrize(
    ("read", "record", "path"),
    [
        ("inventory_levels", {"id": None}, "id"),
        ("inventory_levels", {"id": "i", "onhand": "7"}, "onhand"),
        ("inventory_levels", {"id": "i", "lots": [{"onhand": 1}]}, "lots.0.lot_id"),
        ("products", {"id": "p", "supplier_products": [{"supplier_id": "s", "unit_cost": "n/a"}]}, None),
        ("orders", {"id": "o", "line_items": [{"quantity": 1}, {"sku": "A"}]}, "line_items.1.quantity"),
        ("orders", {"id": "o", "created_date": "soon"}, "created_date"),
        ("bills", {"id": "b"}, "amount"),
        ("warehouse_locations", {"id": "A"}, "warehouse_id"),
        ("warehouses", {"id": "w" * 2000}, "id"),
    ],
)
def test_a_misfit_is_refused_by_its_path(read: str, record: dict[str, Any], path: str | None) -> None:
    with pytest.raises(RecordInvalid) as caught:
        mapped(read, record)

    assert caught.value.path == (path or "supplier_products.0.unit_cost")
