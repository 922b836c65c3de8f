"""Which record class belongs to which data type, and the paths and descriptions of their fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from types import MappingProxyType, NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from planster_sync.model.bills import Bill
from planster_sync.model.data_types import DataType
from planster_sync.model.inbound import InboundShipment, InboundShipmentSupplier
from planster_sync.model.inventory import InventoryLevel
from planster_sync.model.orders import Order, OrderChannel
from planster_sync.model.places import Warehouse, WarehouseCustomer, WarehouseLocation
from planster_sync.model.products import Product
from planster_sync.model.record import Money, Record, Word
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


def _notes(model: type[BaseModel], prefix: str) -> Iterator[FieldNote]:
    for name, info in model.model_fields.items():
        inner, many = _unwrapped(info.annotation)
        path = f"{prefix}{name}"
        if isinstance(inner, type) and issubclass(inner, BaseModel) and inner not in (Money, Word):
            yield from _notes(inner, f"{path}.")
        else:
            kind = _kind(inner)
            yield FieldNote(path, f"list of {kind}" if many else kind, info.description or "")


def _unwrapped(annotation: Any) -> tuple[Any, bool]:
    """The type behind Annotated, `| None` and tuple[X, ...]; True where it was a tuple."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _unwrapped(get_args(annotation)[0])
    if origin in (Union, UnionType):
        rest = [part for part in get_args(annotation) if part is not NoneType]
        return _unwrapped(rest[0])
    if origin is tuple:
        return _unwrapped(get_args(annotation)[0])[0], True
    return annotation, False


_KINDS: Mapping[type, str] = MappingProxyType(
    {str: "text", bool: "yes or no", int: "number", datetime: "instant", date: "day", Money: "money", Word: "word"}
)


def _kind(inner: Any) -> str:
    return _KINDS.get(inner, "decimal")
