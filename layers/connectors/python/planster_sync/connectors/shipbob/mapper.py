"""From one source record to unified records, and from a body to source records. Pure; loads no HTTP."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from zoneinfo import ZoneInfo

from planster_sync.connectors.shipbob.bills import bill
from planster_sync.connectors.shipbob.capabilities import ShipbobSettings
from planster_sync.connectors.shipbob.inbound_shipments import inbound_shipment
from planster_sync.connectors.shipbob.inventory_levels import inventory_level
from planster_sync.connectors.shipbob.joins import listed, members, variants
from planster_sync.connectors.shipbob.order_channels import order_channel
from planster_sync.connectors.shipbob.order_shipments import order_shipments
from planster_sync.connectors.shipbob.orders import order
from planster_sync.connectors.shipbob.products import product
from planster_sync.connectors.shipbob.returns import return_
from planster_sync.connectors.shipbob.shapes import Defaults
from planster_sync.connectors.shipbob.shipping_methods import shipping_method
from planster_sync.connectors.shipbob.warehouses import warehouse
from planster_sync.errors import AnswerBroken
from planster_sync.mapping.fields import Fields, decoded
from planster_sync.mapping.pages import split
from planster_sync.ports.source import Mapped, SourceRecord

_MAPPERS: Mapping[str, Callable[[Fields, Defaults], Mapped]] = MappingProxyType(
    {
        "inventory_levels": lambda source, _: Mapped((inventory_level(source),)),
        "orders": lambda source, defaults: Mapped((order(source, defaults), *order_shipments(source, defaults))),
        "products": lambda source, defaults: Mapped((product(source, defaults),)),
        "inbound_shipments": lambda source, defaults: Mapped((inbound_shipment(source, defaults),)),
        "returns": lambda source, defaults: Mapped((return_(source, defaults),)),
        "bills": lambda source, defaults: Mapped((bill(source, defaults),)),
        "warehouses": lambda source, _: Mapped((warehouse(source),)),
        "order_channels": lambda source, _: Mapped((order_channel(source),)),
        "shipping_methods": lambda source, _: Mapped((shipping_method(source),)),
    }
)

_IDENTITIES = ("id", "inventory_id", "invoice_id")
"""What the vendor's lists call a record's own id, the usual one first."""


class ShipbobMapper:
    """The mapping under one integration's settings."""

    def __init__(self, settings: ShipbobSettings) -> None:
        self._defaults = Defaults(ZoneInfo(settings.zone), settings.currency)

    def cut(self, body: bytes) -> Sequence[SourceRecord]:
        """The records of a bare list, of `{items: [...]}`, or the one that the body is; products become variants."""
        pieces = _pieces(body)
        if pieces and all("variants" in members(piece) for piece in pieces):
            return variants(pieces, lambda _: {})
        return [_named(piece) for piece in pieces]

    def map(self, read: str, raw: bytes) -> Mapped:
        """One source record as unified records.

        Raises:
            RecordInvalid: with the path of the field that does not fit.
        """
        return _MAPPERS[read](decoded(raw), self._defaults)


def _pieces(body: bytes) -> list[bytes]:
    """The records' bytes.

    Raises:
        AnswerBroken: the body is cut short, or nothing that holds records.
    """
    if body.lstrip().startswith(b"["):
        return [each.raw for each in split(body, records="").records]
    if "items" in members(body):
        return [each.raw for each in split(body, records="items").records]
    if not body.strip().startswith(b"{"):
        raise AnswerBroken("The source's answer holds no records.")
    return [each.raw for each in split(listed((body,)), records="").records]


def _named(piece: bytes) -> SourceRecord:
    named = (split(listed((piece,)), records="", identity=name).records[0] for name in _IDENTITIES)
    return next((each for each in named if each.id is not None), SourceRecord(None, piece))


mapper_of = ShipbobMapper
