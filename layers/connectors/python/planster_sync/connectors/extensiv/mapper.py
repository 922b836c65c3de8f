"""From one source record to unified records, and from a body to source records. Pure; loads no HTTP."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from zoneinfo import ZoneInfo

from planster_sync.connectors.extensiv import cutting
from planster_sync.connectors.extensiv.bills import bill
from planster_sync.connectors.extensiv.capabilities import ExtensivSettings
from planster_sync.connectors.extensiv.inbound_shipments import inbound_shipment, suppliers
from planster_sync.connectors.extensiv.inventory_levels import inventory_level
from planster_sync.connectors.extensiv.order_channels import order_channels
from planster_sync.connectors.extensiv.order_shipments import order_shipments
from planster_sync.connectors.extensiv.orders import order
from planster_sync.connectors.extensiv.products import product
from planster_sync.connectors.extensiv.returns import return_
from planster_sync.connectors.extensiv.shapes import Terms, camel, is_plain
from planster_sync.connectors.extensiv.shipping_methods import shipping_methods
from planster_sync.connectors.extensiv.warehouse_customers import warehouse_customer
from planster_sync.connectors.extensiv.warehouse_locations import warehouse_location
from planster_sync.connectors.extensiv.warehouses import warehouse
from planster_sync.mapping.fields import Fields, decoded
from planster_sync.ports.source import Mapped, SourceRecord

_MAPPERS: Mapping[str, Callable[[Fields, Terms], Mapped]] = MappingProxyType(
    {
        "inventory_levels": lambda source, _: Mapped((inventory_level(source),)),
        "orders": lambda source, terms: Mapped(
            (order(source, terms), *order_shipments(source, terms)), order_channels(source)
        ),
        "products": lambda source, terms: Mapped((product(source, terms),)),
        "inbound_shipments": lambda source, terms: Mapped((inbound_shipment(source, terms),), suppliers(source)),
        "returns": lambda source, terms: Mapped((return_(source, terms),)),
        "bills": lambda source, terms: Mapped((bill(source, terms),)),
        "warehouses": lambda source, _: Mapped((warehouse(source),)),
        "shipping_methods": lambda source, _: Mapped(shipping_methods(source)),
        "warehouse_customers": lambda source, terms: Mapped((warehouse_customer(source, terms),)),
        "warehouse_locations": lambda source, _: Mapped((warehouse_location(source),)),
    }
)


class ExtensivMapper:
    """The mapping under one integration's settings."""

    def __init__(self, settings: ExtensivSettings) -> None:
        self._terms = Terms(ZoneInfo(settings.zone) if settings.zone else None, settings.currency)

    def cut(self, body: bytes) -> Sequence[SourceRecord]:
        """The records of a page, or the one of a single answer; rows of a stock summary become one record per item."""
        return cutting.cut(body)

    def map(self, read: str, raw: bytes) -> Mapped:
        """One source record as unified records.

        Raises:
            RecordInvalid: with the path of the field that does not fit.
        """
        source = decoded(raw)
        return _MAPPERS[read](Fields(camel(source.values)) if is_plain(source.values) else source, self._terms)


mapper_of = ExtensivMapper
