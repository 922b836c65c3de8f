"""From one source record to unified records, and from a body to source records. Pure; loads no HTTP."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from planster_sync.connectors.trackstar.bills import bill
from planster_sync.connectors.trackstar.capabilities import TrackstarSettings
from planster_sync.connectors.trackstar.inbound_shipment_suppliers import inbound_shipment_supplier
from planster_sync.connectors.trackstar.inbound_shipments import inbound_shipment
from planster_sync.connectors.trackstar.inventory_levels import inventory_level
from planster_sync.connectors.trackstar.order_channels import order_channels
from planster_sync.connectors.trackstar.order_shipments import order_shipments
from planster_sync.connectors.trackstar.orders import order
from planster_sync.connectors.trackstar.products import product
from planster_sync.connectors.trackstar.returns import return_
from planster_sync.connectors.trackstar.shipping_methods import shipping_method
from planster_sync.connectors.trackstar.warehouse_customers import warehouse_customer
from planster_sync.connectors.trackstar.warehouse_locations import warehouse_location
from planster_sync.connectors.trackstar.warehouses import warehouse
from planster_sync.errors import AnswerBroken
from planster_sync.mapping.fields import Fields, decoded
from planster_sync.mapping.pages import single, split
from planster_sync.ports.source import Mapped, SourceRecord


def _order(source: Fields, currency: str | None) -> Mapped:
    return Mapped((order(source, currency), *order_shipments(source, currency)), order_channels(source))


_MAPPERS: Mapping[str, Callable[[Fields, str | None], Mapped]] = MappingProxyType(
    {
        "inventory_levels": lambda source, currency: Mapped((inventory_level(source, currency),)),
        "orders": _order,
        "products": lambda source, currency: Mapped((product(source, currency),)),
        "inbound_shipments": lambda source, currency: Mapped((inbound_shipment(source, currency),)),
        "inbound_shipment_suppliers": lambda source, _: Mapped((inbound_shipment_supplier(source),)),
        "returns": lambda source, currency: Mapped((return_(source, currency),)),
        "bills": lambda source, currency: Mapped((bill(source, currency),)),
        "warehouses": lambda source, _: Mapped((warehouse(source),)),
        "shipping_methods": lambda source, _: Mapped((shipping_method(source),)),
        "warehouse_customers": lambda source, _: Mapped((warehouse_customer(source),)),
        "warehouse_locations": lambda source, _: Mapped((warehouse_location(source),)),
    }
)


class TrackstarMapper:
    """The mapping under one integration's settings."""

    def __init__(self, settings: TrackstarSettings) -> None:
        self._currency = settings.currency

    def cut(self, body: bytes) -> Sequence[SourceRecord]:
        """The records of `{data: [...]}`, or the one of `{data: {...}}`."""
        try:
            return split(body).records
        except AnswerBroken:
            return (single(body),)

    def map(self, read: str, raw: bytes) -> Mapped:
        """One source record as unified records.

        Raises:
            RecordInvalid: with the path of the field that does not fit.
        """
        return _MAPPERS[read](decoded(raw), self._currency)


mapper_of = TrackstarMapper
