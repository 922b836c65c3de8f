"""What a correction by hand may change, and what follows from it: pure rules, judged against the whole record.

Stock stays a sum: committed, unsellable and fulfillable add up to on hand. Where the source's numbers do, a corrected
on hand moves fulfillable with it, and numbers that no longer add up are refused. A warehouse's correction moves the
total by the difference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec

from planster_sync.errors import InvalidRequest, Unsupported
from planster_sync.model.catalog import RECORDS, read_record
from planster_sync.model.data_types import DataType

STOCK = ("on_hand", "committed", "fulfillable", "awaiting", "unsellable", "sellable", "backordered")
PARTS = ("committed", "unsellable", "fulfillable")
_TOO_MANY, _SMALLEST = Decimal(10**12), Decimal("0.000001")

ADJUSTABLE: Mapping[DataType, tuple[str, ...]] = {
    DataType.INVENTORY_LEVELS: (*STOCK, "name", "active", "unit_cost"),
    DataType.PRODUCTS: (
        "name",
        "active",
        "barcodes",
        "unit_price",
        "unit_cost",
        "supplier_id",
        "supplier_name",
        "country_of_origin",
        "harmonized_code",
        "category",
        "brand",
    ),
}
"""Ids and SKUs are not among them: what records are found and joined by is the source's alone."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What somebody asks for: new values of fields, in one warehouse where the record is split by warehouse."""

    fields: Mapping[str, Any]
    warehouse: str | None = None


def adjustable(data_type: DataType) -> tuple[str, ...]:
    """Raises Unsupported where nothing of the data type is corrected by hand."""
    if data_type not in ADJUSTABLE:
        raise Unsupported(
            f"{data_type.value} cannot be corrected by hand.",
            remedy="Correct it in the warehouse system, then sync it. Stock and products can be corrected here.",
        )
    return ADJUSTABLE[data_type]


def corrected(data_type: DataType, record: Mapping[str, Any], correction: Correction) -> dict[str, Any]:
    """The fields that change, whole, with their new values: what overlays the record.

    Raises:
        InvalidRequest: a field that cannot be corrected, a value that does not fit it, or nothing that would change.
    """
    unknown = sorted(set(correction.fields) - set(adjustable(data_type)))
    if unknown:
        raise InvalidRequest(
            f"{', '.join(unknown)[:100]} cannot be corrected.",
            remedy=f"Name one of: {', '.join(ADJUSTABLE[data_type])}.",
        )
    nothing = sorted(name for name, value in correction.fields.items() if value is None)
    if nothing:
        raise InvalidRequest(f"{nothing[0]} is given no value.", remedy="Leave out what is not corrected.")
    stock = {name: _quantity(name, value) for name, value in correction.fields.items() if name in STOCK}
    others = {name: value for name, value in correction.fields.items() if name not in STOCK}
    fields = {**others, **(_stock(record, stock, correction.warehouse) if stock else {})}
    _check(data_type, record, fields)
    changed = {name: value for name, value in fields.items() if record.get(name) != value}
    if not changed:
        raise InvalidRequest("The record says so already.", remedy="Nothing to do.")
    return changed


def _stock(record: Mapping[str, Any], given: Mapping[str, Decimal], warehouse: str | None) -> dict[str, Any]:
    split: Sequence[Mapping[str, Any]] = record.get("warehouses") or ()
    if not split and warehouse is None:
        return _plain(_balanced(record, given))
    named = warehouse if warehouse is not None or len(split) != 1 else split[0]["warehouse_id"]
    entry = next((each for each in split if each["warehouse_id"] == named), None)
    if entry is None:
        known = ", ".join(str(each["warehouse_id"]) for each in split[:10]) or "none: leave it out"
        what = "This stock is kept by warehouse." if warehouse is None else "The record has no such warehouse."
        raise InvalidRequest(what, remedy=f"Name the warehouse in `warehouse_id`; it has: {known}.")
    change = _balanced(entry, given)
    moved = {**entry, **_plain(change)}
    totals = {
        name: _number(record[name]) + value - _number(entry[name])
        for name, value in change.items()
        if record.get(name) is not None and entry.get(name) is not None
    }
    return {**_plain(totals), "warehouses": [moved if each is entry else dict(each) for each in split]}


def _balanced(before: Mapping[str, Any], given: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """The given quantities, and fulfillable where it follows from them."""
    change = dict(given)
    if not _adds_up(before):
        return change
    if "on_hand" in given and not set(PARTS) & set(given):
        bound = _number(before["committed"]) + _number(before["unsellable"])
        change["fulfillable"] = given["on_hand"] - bound
        if change["fulfillable"] < 0:
            raise InvalidRequest(
                f"{given['on_hand']} on hand are fewer than the {bound} that are committed or unsellable.",
                remedy="Correct committed, unsellable and fulfillable together with on_hand.",
            )
    if not _adds_up({**before, **change}):
        raise InvalidRequest(
            "committed, unsellable and fulfillable no longer add up to on_hand.",
            remedy="Give every number that changes; or on_hand alone, and fulfillable follows.",
        )
    return change


def _adds_up(stock: Mapping[str, Any]) -> bool:
    known = all(stock.get(name) is not None for name in ("on_hand", *PARTS))
    return known and _number(stock["on_hand"]) == sum(_number(stock[name]) for name in PARTS)


def _quantity(name: str, value: Any) -> Decimal:
    number = _number(value) if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else None
    if number is None or not number.is_finite() or not 0 <= number < _TOO_MANY or number % _SMALLEST:
        raise InvalidRequest(f"{name} is not a quantity.", remedy="Give a number of eaches that is not below 0.")
    return number


def _number(value: Any) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))


def _plain(quantities: Mapping[str, Decimal]) -> dict[str, int | float]:
    return {
        name: int(value) if value == value.to_integral_value() else float(value) for name, value in quantities.items()
    }


def _check(data_type: DataType, record: Mapping[str, Any], fields: Mapping[str, Any]) -> None:
    own = {info.encode_name for info in msgspec.structs.fields(RECORDS[data_type])}
    whole = {**{name: value for name, value in record.items() if name in own}, **fields}
    try:
        read_record(data_type, msgspec.json.encode(whole))
    except (msgspec.ValidationError, UnicodeEncodeError, TypeError) as error:
        place = str(error).rpartition("`$.")[2].rstrip("`") if "`$." in str(error) else "a field"
        raise InvalidRequest(
            f"The value of {place[:100]} does not fit the field.",
            remedy="docs/data-model.md says what each field holds.",
        ) from error
