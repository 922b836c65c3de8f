"""Records as people read them: which fields stand in a list, how each is called, and how its value is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from planster_sync.model.catalog import FieldNote, fields_of
from planster_sync.model.data_types import DataType

COLUMNS: Mapping[DataType, tuple[str, ...]] = {
    DataType.INVENTORY_LEVELS: ("sku", "name", "on_hand", "committed", "fulfillable", "unsellable", "awaiting"),
    DataType.ORDERS: ("number", "status", "channel_name", "ordered_at", "shipped_at", "total_price", "lines"),
    DataType.ORDER_SHIPMENTS: ("order_number", "status", "shipped_at", "delivered_at", "lines", "packages"),
    DataType.PRODUCTS: ("sku", "name", "active", "unit_price", "unit_cost", "supplier_name"),
    DataType.INBOUND_SHIPMENTS: ("purchase_order_number", "status", "supplier_name", "expected_at", "lines"),
    DataType.INBOUND_SHIPMENT_SUPPLIERS: ("name", "code", "active", "lead_time_days", "currency"),
    DataType.RETURNS: ("order_id", "status", "created_at", "lines"),
    DataType.BILLS: ("number", "status", "total", "billed_at", "due_at", "lines"),
    DataType.WAREHOUSES: ("name", "code", "active", "city", "country", "zone"),
    DataType.ORDER_CHANNELS: ("name", "platform", "active"),
    DataType.SHIPPING_METHODS: ("name", "code", "carrier_name", "active"),
    DataType.WAREHOUSE_CUSTOMERS: ("name", "code", "active"),
    DataType.WAREHOUSE_LOCATIONS: ("name", "warehouse_id", "type", "pickable", "sellable"),
}
"""What a list shows of each record, besides its id."""

NAMES: Mapping[DataType, tuple[str, ...]] = {
    DataType.ORDER_SHIPMENTS: ("order_number",),
    DataType.INBOUND_SHIPMENTS: ("purchase_order_number",),
}
"""What a record is called by people, where it is none of the usual fields."""

_USUAL_NAMES = ("sku", "number", "name")
_LABELS = {"id": "Source id", "sku": "SKU", "supplier_sku": "Supplier SKU", "scac": "SCAC", "zone": "Time zone"}
_NUMBERS = frozenset({"number", "money", "decimal"})
_COPY = ("data_type", "read_at", "changed_at", "deleted_at", "quarantined_at", "adjustment")


NOTHING = "\N{EN DASH}"


class Fact(NamedTuple):
    """One field with its value; `before` is what the source said where it was corrected by hand."""

    path: str
    label: str
    value: Any
    description: str
    is_corrected: bool = False
    before: Any = None


class Sheet(NamedTuple):
    """A list within a record, such as its lines, as a table."""

    label: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    is_corrected: bool = False


def label(path: str) -> str:
    """`warehouses.on_hand` as `On hand`."""
    name = path.rpartition(".")[2]
    return _LABELS.get(name) or name.replace("_", " ").capitalize()


def name_of(record: Mapping[str, Any]) -> str:
    """What people call a record; its id where it has no name."""
    wanted = (*NAMES.get(DataType(record["data_type"]), ()), *_USUAL_NAMES)
    return next((str(record[name]) for name in wanted if record.get(name)), str(record["id"]))


def is_number(data_type: DataType, path: str) -> bool:
    return any(note.path == path and note.kind in _NUMBERS for note in fields_of(data_type))


def facts_of(record: Mapping[str, Any]) -> list[Fact]:
    """The fields of a record that are no lists, in the catalogue's order; those without a value are left out."""
    notes = {note.path: note for note in fields_of(DataType(record["data_type"]))}
    overlay: Mapping[str, Any] = record.get("adjustment") or {}
    return [
        _fact(path, value, notes.get(path), overlay)
        for path, value in _flat(record, "")
        if path.partition(".")[0] not in _COPY
    ]


def sheets_of(record: Mapping[str, Any]) -> list[Sheet]:
    """The lists of a record, each with the columns that any of its rows fills."""
    corrected: Mapping[str, Any] = (record.get("adjustment") or {}).get("fields", {})
    found = []
    for name, value in record.items():
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            rows = [dict(_flat(row, "", lists=True)) for row in value]
            columns = list(dict.fromkeys(column for row in rows for column in row))
            cells = [[row.get(column) for column in columns] for row in rows]
            found.append(Sheet(label(name), columns, cells, name in corrected))
    return found


def said(value: Any, zone: str = "UTC") -> str:
    """A value as it is read: money with its currency, our word and the vendor's, moments in the zone."""
    if value is None or value in ("", [], {}):
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return _said_mapping(value)
    if isinstance(value, list):
        return (
            f"{len(value)} {'entry' if len(value) == 1 else 'entries'}"
            if _holds_parts(value)
            else ", ".join(said(each, zone) for each in value)
        )
    if isinstance(value, str) and len(value) in (20, 24) and value.endswith("Z"):
        return _moment(value, zone)
    return str(value)


def _said_mapping(value: Mapping[str, Any]) -> str:
    if "amount" in value:
        return f"{value['amount']} {value.get('currency') or ''}".strip()
    if "value" in value:
        vendor = value.get("vendor")
        word = str(value["value"]).replace("_", " ")
        return word if vendor is None or vendor.lower() == word else f"{word} ({vendor})"
    return ", ".join(said(each) for each in value.values())


def _moment(text: str, zone: str) -> str:
    try:
        return f"{datetime.fromisoformat(text).astimezone(ZoneInfo(zone)):%-d %b %Y, %H:%M}"
    except ValueError:
        return text  # a text that only looks like a moment


def _holds_parts(value: Sequence[Any]) -> bool:
    return any(isinstance(each, Mapping) for each in value)


def _flat(value: Mapping[str, Any], prefix: str, *, lists: bool = False) -> Iterator[tuple[str, Any]]:
    for name, inner in value.items():
        path = f"{prefix}{name}"
        if isinstance(inner, Mapping) and not {"amount", "value"} & set(inner):
            yield from _flat(inner, f"{path}.", lists=lists)
        elif lists or not (isinstance(inner, list) and _holds_parts(inner)):
            yield path, inner


def _fact(path: str, value: Any, note: FieldNote | None, overlay: Mapping[str, Any]) -> Fact:
    is_corrected = path in overlay.get("fields", {})
    before = overlay.get("before", {}).get(path) if is_corrected else None
    return Fact(path, label(path), value, note.description if note else "", is_corrected, before)
