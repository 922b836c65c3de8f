"""From one source record to unified records, and from a body to source records. Pure; loads no HTTP."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from planster_sync.connectors.ongoing.cutting import any_records
from planster_sync.connectors.ongoing.inbound_shipments import inbound_shipment, inbound_shipment_suppliers
from planster_sync.connectors.ongoing.inventory_levels import inventory_levels
from planster_sync.connectors.ongoing.order_channels import order_channels
from planster_sync.connectors.ongoing.order_shipments import order_shipments
from planster_sync.connectors.ongoing.orders import order
from planster_sync.connectors.ongoing.products import product
from planster_sync.connectors.ongoing.returns import return_
from planster_sync.connectors.ongoing.shapes import Terms, terms_of
from planster_sync.connectors.ongoing.shipping_methods import shipping_method
from planster_sync.connectors.ongoing.warehouse_customers import warehouse_customers
from planster_sync.connectors.ongoing.warehouse_locations import warehouse_location
from planster_sync.connectors.ongoing.warehouses import warehouse
from planster_sync.mapping.fields import Fields, decoded
from planster_sync.ports.source import Mapped, SourceRecord

if TYPE_CHECKING:
    from planster_sync.connectors.ongoing.capabilities import OngoingSettings


def _article(source: Fields, terms: Terms) -> Mapped:
    return Mapped((product(source, terms), *inventory_levels(source, terms)), warehouse_customers(source))


def _order(source: Fields, terms: Terms) -> Mapped:
    return Mapped((order(source, terms), *order_shipments(source, terms)), order_channels(source))


def _purchase_order(source: Fields, terms: Terms) -> Mapped:
    return Mapped((inbound_shipment(source, terms),), inbound_shipment_suppliers(source))


_MAPPERS: Mapping[str, Callable[[Fields, Terms], Mapped]] = MappingProxyType(
    {
        "articles": _article,
        "orders": _order,
        "purchase_orders": _purchase_order,
        "return_orders": lambda source, _: Mapped((return_(source),)),
        "warehouses": lambda source, _: Mapped((warehouse(source),)),
        "warehouse_locations": lambda source, _: Mapped((warehouse_location(source),)),
        "shipping_methods": lambda source, _: Mapped((shipping_method(source),)),
    }
)


class OngoingMapper:
    """The mapping under one integration's settings."""

    def __init__(self, settings: OngoingSettings) -> None:
        self._terms = terms_of(settings)

    def cut(self, body: bytes) -> Sequence[SourceRecord]:
        """The records of any of the vendor's lists, or the one of a single answer."""
        return any_records(body)

    def map(self, read: str, raw: bytes) -> Mapped:
        """One source record as unified records.

        Raises:
            RecordInvalid: with the path of the field that does not fit.
        """
        return _MAPPERS[read](decoded(raw), self._terms)


mapper_of = OngoingMapper
