"""From one source record to unified records, and from a body to source records. Pure; loads no HTTP."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from zoneinfo import ZoneInfo

from planster_sync.connectors.deposco.bills import bill
from planster_sync.connectors.deposco.capabilities import DeposcoSettings
from planster_sync.connectors.deposco.customer_orders import customer_order, is_customer_order
from planster_sync.connectors.deposco.entities import entity
from planster_sync.connectors.deposco.inbound_shipment_suppliers import inbound_shipment_supplier
from planster_sync.connectors.deposco.inbound_shipments import inbound_shipment
from planster_sync.connectors.deposco.inventory_levels import inventory_level
from planster_sync.connectors.deposco.order_channels import order_channels
from planster_sync.connectors.deposco.order_shipments import order_shipment
from planster_sync.connectors.deposco.orders import order
from planster_sync.connectors.deposco.products import product
from planster_sync.connectors.deposco.returns import return_
from planster_sync.connectors.deposco.shapes import Terms
from planster_sync.connectors.deposco.shipping_methods import shipping_methods
from planster_sync.connectors.deposco.stock_answers import stock_records
from planster_sync.connectors.deposco.warehouse_customers import warehouse_customer
from planster_sync.connectors.deposco.warehouse_locations import warehouse_location
from planster_sync.connectors.deposco.warehouses import warehouse
from planster_sync.errors import AnswerBroken
from planster_sync.mapping.fields import Fields, decoded
from planster_sync.mapping.pages import split
from planster_sync.model.record import Record
from planster_sync.ports.source import Mapped, SourceRecord


def _page_records(body: bytes) -> Sequence[SourceRecord]:
    return split(body, identity="self.id").records


def _order(source: Fields, terms: Terms) -> Mapped:
    made = customer_order(source, terms) if is_customer_order(source) else order(source, terms)
    return Mapped((made,), (*order_channels(source), *shipping_methods(source)))


def _owned(make: Callable[[Fields, Terms], Record]) -> Callable[[Fields, Terms], Mapped]:
    return lambda source, terms: Mapped((make(source, terms),))


_MAPPERS: Mapping[str, Callable[[Fields, Terms], Mapped]] = MappingProxyType(
    {
        "inventory_levels": _owned(inventory_level),
        "orders": _order,
        "order_shipments": _owned(order_shipment),
        "products": _owned(product),
        "inbound_shipments": _owned(inbound_shipment),
        "inbound_shipment_suppliers": _owned(inbound_shipment_supplier),
        "returns": _owned(return_),
        "bills": _owned(bill),
        "warehouses": _owned(warehouse),
        "warehouse_customers": _owned(warehouse_customer),
        "warehouse_locations": _owned(warehouse_location),
    }
)


class DeposcoMapper:
    """The mapping under one integration's settings."""

    def __init__(self, settings: DeposcoSettings) -> None:
        self._terms = Terms(ZoneInfo(settings.zone), settings.currency, settings.business_unit)

    def cut(self, body: bytes) -> Sequence[SourceRecord]:
        """The records of a V2 page, of a V1 answer about stock (JSON or XML), or the one of a single answer."""
        cuttings: tuple[Callable[[bytes], Sequence[SourceRecord]], ...] = (_page_records, stock_records)
        for cutting in cuttings:
            try:
                return cutting(body)
            except AnswerBroken:
                continue
        found = entity(body, "self.id")
        return (found if found.id else entity(body, "itemNumber"),)

    def map(self, read: str, raw: bytes) -> Mapped:
        """One source record as unified records.

        Raises:
            RecordInvalid: with the path of the field that does not fit.
        """
        return _MAPPERS[read](decoded(raw), self._terms)


mapper_of = DeposcoMapper
