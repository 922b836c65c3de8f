"""From one source record to unified records, and from a body to source records. Pure; loads no HTTP."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from planster_sync.connectors.shiphero.bills import bill
from planster_sync.connectors.shiphero.capabilities import ShipheroSettings
from planster_sync.connectors.shiphero.inbound_shipment_suppliers import inbound_shipment_supplier
from planster_sync.connectors.shiphero.inbound_shipments import inbound_shipment
from planster_sync.connectors.shiphero.inventory_levels import inventory_levels
from planster_sync.connectors.shiphero.order_channels import order_channels
from planster_sync.connectors.shiphero.order_shipments import order_shipments
from planster_sync.connectors.shiphero.orders import order
from planster_sync.connectors.shiphero.products import product
from planster_sync.connectors.shiphero.returns import return_
from planster_sync.connectors.shiphero.shipping_methods import shipping_methods
from planster_sync.connectors.shiphero.warehouse_customers import warehouse_customer
from planster_sync.connectors.shiphero.warehouse_locations import warehouse_location
from planster_sync.connectors.shiphero.warehouses import warehouse
from planster_sync.errors import AnswerBroken
from planster_sync.mapping import salvage
from planster_sync.mapping.fields import Fields, decoded
from planster_sync.mapping.pages import single, split
from planster_sync.ports.source import Mapped, SourceRecord


def _product(source: Fields, settings: ShipheroSettings) -> Mapped:
    return Mapped((product(source, settings), *inventory_levels(source, settings)))


def _order(source: Fields, settings: ShipheroSettings) -> Mapped:
    shared = (*order_channels(source), *shipping_methods(source))
    return Mapped((order(source, settings), *order_shipments(source, settings)), shared)


_MAPPERS: Mapping[str, Callable[[Fields, ShipheroSettings], Mapped]] = MappingProxyType(
    {
        "products": _product,
        "orders": _order,
        "inbound_shipments": lambda source, settings: Mapped((inbound_shipment(source, settings),)),
        "inbound_shipment_suppliers": lambda source, _: Mapped((inbound_shipment_supplier(source),)),
        "returns": lambda source, settings: Mapped((return_(source, settings),)),
        "bills": lambda source, settings: Mapped((bill(source, settings),)),
        "warehouses": lambda source, _: Mapped((warehouse(source),)),
        "warehouse_customers": lambda source, _: Mapped((warehouse_customer(source),)),
        "warehouse_locations": lambda source, settings: Mapped((warehouse_location(source, settings),)),
    }
)

_CONTAINERS = ("warehouses", "customers", "data", "purchase_order")
"""Members that hold the records, and are never a record's own."""


class ShipheroMapper:
    """The mapping under one integration's settings."""

    def __init__(self, settings: ShipheroSettings) -> None:
        self._settings = settings

    def cut(self, body: bytes) -> Sequence[SourceRecord]:
        """The records of a GraphQL answer, whatever its operation: a connection's nodes, a plain list, or the one."""
        if body.lstrip()[:1] == b"[":
            return split(body, records="").records
        members = salvage.members(body)
        if "edges" in members:
            return split(body, records="edges", inside="node").records
        inside = next((members[name] for name in _CONTAINERS if name in members), None)
        if inside is None and "id" in members:
            return (single(b'{"data":' + body + b"}"),)
        if inside is None and len(members) == 1:
            (inside,) = members.values()  # under the operation's name
        if inside is None:
            raise AnswerBroken("The source's answer has no list of records.", detail="no connection and no record")
        return self.cut(inside)

    def map(self, read: str, raw: bytes) -> Mapped:
        """One source record as unified records.

        Raises:
            RecordInvalid: with the path of the field that does not fit.
        """
        return _MAPPERS[read](decoded(raw), self._settings)


mapper_of = ShipheroMapper
