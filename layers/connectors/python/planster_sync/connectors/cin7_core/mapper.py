"""From one source record to unified records, and from a body to source records. Pure; loads no HTTP."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from zoneinfo import ZoneInfo

from planster_sync.connectors.cin7_core.bills import bills
from planster_sync.connectors.cin7_core.capabilities import Cin7CoreSettings
from planster_sync.connectors.cin7_core.cutting import cut
from planster_sync.connectors.cin7_core.inbound_shipment_suppliers import inbound_shipment_supplier
from planster_sync.connectors.cin7_core.inbound_shipments import inbound_shipment
from planster_sync.connectors.cin7_core.inventory_levels import inventory_level
from planster_sync.connectors.cin7_core.order_channels import order_channels
from planster_sync.connectors.cin7_core.order_shipments import order_shipments
from planster_sync.connectors.cin7_core.orders import as_document, order
from planster_sync.connectors.cin7_core.products import product
from planster_sync.connectors.cin7_core.returns import returns
from planster_sync.connectors.cin7_core.shapes import House
from planster_sync.connectors.cin7_core.shipping_methods import shipping_method
from planster_sync.connectors.cin7_core.transfers import is_transfer, transfer
from planster_sync.connectors.cin7_core.warehouse_locations import warehouse_locations
from planster_sync.connectors.cin7_core.warehouses import warehouse
from planster_sync.mapping.fields import Fields, decoded
from planster_sync.ports.source import Mapped, SourceRecord


def _sale(found: Fields, house: House) -> Mapped:
    source = as_document(found)
    return Mapped(
        (order(source, house), *order_shipments(source, house), *returns(source)),
        order_channels(source),
    )


def _purchase(source: Fields, house: House) -> Mapped:
    if is_transfer(source):
        return Mapped((transfer(source, house),))
    return Mapped((inbound_shipment(source, house), *bills(source, house)))


_MAPPERS: Mapping[str, Callable[[Fields, House], Mapped]] = MappingProxyType(
    {
        "inventory_levels": lambda source, _: Mapped((inventory_level(source),)),
        "orders": _sale,
        "products": lambda source, house: Mapped((product(source, house),)),
        "inbound_shipments": _purchase,
        "inbound_shipment_suppliers": lambda source, _: Mapped((inbound_shipment_supplier(source),)),
        "warehouses": lambda source, _: Mapped((warehouse(source), *warehouse_locations(source))),
        "shipping_methods": lambda source, _: Mapped((shipping_method(source),)),
    }
)


class Cin7CoreMapper:
    """The mapping under one integration's settings."""

    def __init__(self, settings: Cin7CoreSettings) -> None:
        self._house = House(ZoneInfo(settings.zone), settings.currency)

    def cut(self, body: bytes) -> Sequence[SourceRecord]:
        """As `cutting.cut`."""
        return cut(body)

    def map(self, read: str, raw: bytes) -> Mapped:
        """One source record as unified records.

        Raises:
            RecordInvalid: with the path of the field that does not fit.
        """
        return _MAPPERS[read](decoded(raw), self._house)


mapper_of = Cin7CoreMapper
