"""The unified model as a whole: complete, described, closed."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from planster_sync.errors import RecordInvalid
from planster_sync.model.catalog import RECORDS, fields_of, paths_of, read_record
from planster_sync.model.data_types import DataType
from planster_sync.model.inventory import InventoryLevel, Lot, WarehouseStock

PERSONAL = ("email", "phone", "street", "address", "full_name", "first_name", "last_name", "note", "comment", "tag")


@pytest.mark.parametrize("data_type", DataType)
def test_every_data_type_has_its_record_class(data_type: DataType) -> None:
    assert RECORDS[data_type].data_type is data_type


@pytest.mark.parametrize("data_type", DataType)
def test_every_field_says_what_it_means(data_type: DataType) -> None:
    silent = [note.path for note in fields_of(data_type) if len(note.description) < 10]

    assert silent == []


@pytest.mark.parametrize("data_type", DataType)
def test_no_field_can_hold_personal_data(data_type: DataType) -> None:
    suspicious = [path for path in paths_of(data_type) if any(word in path for word in PERSONAL)]

    assert suspicious == []


@pytest.mark.parametrize("data_type", DataType)
def test_an_unknown_field_is_refused(data_type: DataType) -> None:
    fields: dict[str, Any] = {"id": "1", "misspelt": 1}

    with pytest.raises(TypeError):
        RECORDS[data_type](**fields)
    with pytest.raises(msgspec.ValidationError):
        read_record(data_type, b'{"id":"1","misspelt":1}')


@pytest.mark.parametrize("data_type", DataType)
def test_only_the_id_is_required(data_type: DataType) -> None:
    record = RECORDS[data_type](id="a")

    assert record.canonical().startswith(b'{"id":"a"')


@pytest.mark.parametrize("id_", ["", "x" * 1025])
def test_an_id_is_neither_empty_nor_endless(id_: str) -> None:
    with pytest.raises(RecordInvalid) as caught:
        InventoryLevel(id=id_)

    assert caught.value.path == "id"


def test_a_word_outside_the_vocabulary_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        read_record(DataType.ORDERS, b'{"id":"1","status":{"value":"lost","vendor":"Lost"}}')


def test_an_unknown_quantity_is_not_zero() -> None:
    level = InventoryLevel(id="1", on_hand=0, warehouses=(WarehouseStock(warehouse_id="w", on_hand=None),))

    assert level.attributes()["on_hand"] == 0
    assert "on_hand" not in level.attributes()["warehouses"][0]


def test_paths_pass_through_lists_and_stop_at_money_and_words() -> None:
    assert {"warehouses.on_hand", "lots.expires_on", "unit_cost", "measurements.weight_g"} <= paths_of(
        DataType.INVENTORY_LEVELS
    )
    assert "status" in paths_of(DataType.ORDERS)


def test_a_day_is_stored_as_a_day() -> None:
    level = InventoryLevel(id="1", lots=(Lot(lot_id="L", expires_on="2027-03-01"),))

    assert level.attributes()["lots"] == [{"lot_id": "L", "expires_on": "2027-03-01"}]
