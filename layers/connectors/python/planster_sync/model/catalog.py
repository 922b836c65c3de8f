"""Which record class belongs to which data type, and the paths and descriptions of their fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType, NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta

from planster_sync.model.bills import Bill
from planster_sync.model.data_types import DataType
from planster_sync.model.inbound import InboundShipment, InboundShipmentSupplier
from planster_sync.model.inventory import InventoryLevel
from planster_sync.model.orders import Order, OrderChannel
from planster_sync.model.places import Warehouse, WarehouseCustomer, WarehouseLocation
from planster_sync.model.products import Product
from planster_sync.model.record import Money, Record, Value, Word
from planster_sync.model.returns import Return
from planster_sync.model.shipments import OrderShipment
from planster_sync.model.shipping import ShippingMethod

_CLASSES: tuple[type[Record], ...] = (
    InventoryLevel,
    Order,
    OrderShipment,
    Product,
    InboundShipment,
    InboundShipmentSupplier,
    Return,
    Bill,
    Warehouse,
    OrderChannel,
    ShippingMethod,
    WarehouseCustomer,
    WarehouseLocation,
)

RECORDS: Mapping[DataType, type[Record]] = MappingProxyType({record.data_type: record for record in _CLASSES})
"""The class of every data type, in order of priority."""


@dataclass(frozen=True, slots=True)
class FieldNote:
    """One unified field: its dotted path (lists add nothing to it), its type in words, and its description."""

    path: str
    kind: str
    description: str


@cache
def fields_of(data_type: DataType) -> tuple[FieldNote, ...]:
    """Every leaf field of a data type's record, in order. `Money` and `Word` count as leaves."""
    return tuple(_notes(RECORDS[data_type], ""))


@cache
def paths_of(data_type: DataType) -> frozenset[str]:
    """The dotted paths that a connector may name in `Capabilities.fills`."""
    return frozenset(note.path for note in fields_of(data_type))


@cache
def lists_of(data_type: DataType) -> frozenset[str]:
    """The record's own fields that hold lists."""
    hints = get_type_hints(RECORDS[data_type], include_extras=True)
    names = (info.name for info in msgspec.structs.fields(RECORDS[data_type]))
    return frozenset(name for name in names if _unwrapped(hints[name])[2])


@cache
def statuses_of(data_type: DataType) -> tuple[str, ...]:
    """The words of its `status`, in their order; empty where the data type has none."""
    hint = get_type_hints(RECORDS[data_type]).get("status")
    word = next((part for part in get_args(hint) if part is not NoneType), None)
    return tuple(str(each) for vocabulary in get_args(word) for each in vocabulary)


def read_record(data_type: DataType, canonical: bytes) -> Record:
    """The record that `Record.canonical` wrote.

    Raises:
        msgspec.ValidationError: a field that the record does not have, or a value that does not belong into one.
    """
    return _decoder(data_type).decode(canonical)


@cache
def _decoder(data_type: DataType) -> msgspec.json.Decoder[Record]:
    return msgspec.json.Decoder(RECORDS[data_type])


def _notes(value: type[Value], prefix: str) -> Iterator[FieldNote]:
    hints = get_type_hints(value, include_extras=True)
    for info in msgspec.structs.fields(value):
        inner, marks, many = _unwrapped(hints[info.name])
        path = f"{prefix}{info.name}"
        if isinstance(inner, type) and issubclass(inner, Value) and inner not in (Money, Word):
            yield from _notes(inner, f"{path}.")
        else:
            kind = next((mark.extra["kind"] for mark in marks if mark.extra), None) or _kind(inner)
            description = next((mark.description for mark in marks if mark.description), "")
            yield FieldNote(path, f"list of {kind}" if many else kind, description)


def _unwrapped(annotation: Any) -> tuple[Any, list[Meta], bool]:
    """The type behind Annotated, `| None` and tuple[X, ...]; what is said about it; whether it was a tuple."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        inner, marks, many = _unwrapped(parts[0])
        return inner, [*parts[1:], *marks], many
    if origin in (Union, UnionType):
        return _unwrapped(next(part for part in parts if part is not NoneType))
    if origin is tuple:
        return *_unwrapped(parts[0])[:2], True
    return origin or annotation, [], False


_KINDS: Mapping[type, str] = MappingProxyType(
    {str: "text", bool: "yes or no", int: "number", Money: "money", Word: "word"}
)


def _kind(inner: Any) -> str:
    return _KINDS[inner]
