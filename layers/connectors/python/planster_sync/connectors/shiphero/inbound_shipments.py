"""`purchase_orders`: what is on its way. Received quantities are running sums; receipts of their own do not exist."""

from __future__ import annotations

from functools import partial

from planster_sync.connectors.shiphero.capabilities import ShipheroSettings
from planster_sync.connectors.shiphero.shapes import agreed, item_id, latest, moment, nodes
from planster_sync.connectors.shiphero.statuses import INBOUND
from planster_sync.mapping.fields import Fields
from planster_sync.mapping.numbers import money, quantity
from planster_sync.mapping.words import word
from planster_sync.model.inbound import InboundLine, InboundShipment, InboundStatus
from planster_sync.model.vocabulary import Place

_STAMPS = ("created_at", "arrived_at", "date_closed")


def inbound_shipment(source: Fields, settings: ShipheroSettings) -> InboundShipment:
    status = word(source, "fulfillment_status", INBOUND)
    rows = nodes(source, "line_items")
    was_cancelled = status is not None and status.value is InboundStatus.CANCELLED
    return InboundShipment(
        id=source.required_id("id"),
        warehouse_customer_id=source.identifier("account_id"),
        created_at=moment(source, "created_at"),
        updated_at=_updated(source, rows),
        purchase_order_number=source.text("po_number"),
        status=status,
        supplier_id=source.identifier("vendor_id") or agreed(each.identifier("vendor_id") for each in rows),
        supplier_name=source.text("vendor.name"),
        warehouse_id=source.identifier("warehouse_id"),
        expected_at=moment(source, "po_date"),  # the arrival that is expected, not the day of the order
        received_at=None if was_cancelled else moment(source, "date_closed"),
        origin=_origin(source),
        tracking_numbers=_tracking_numbers(source),
        lines=tuple(
            map(partial(_line, account=source.identifier("account_id"), currency=settings.currency), rows),
        ),
    )


def _updated(source: Fields, rows: tuple[Fields, ...]) -> str | None:
    """The last thing that happened to the order or a line: its header has no stamp of its own."""
    own = [moment(source, name) for name in _STAMPS]
    return latest([*own, *(moment(each, "updated_at") for each in rows)])


def _origin(source: Fields) -> Place | None:
    country = source.text("origin_of_shipment")
    return Place(country=country) if country else None


def _tracking_numbers(source: Fields) -> tuple[str, ...]:
    """The header's number and those of the list, each once."""
    listed = [each.text("tracking_number") for each in nodes(source, "tracking_numbers")]
    return tuple(dict.fromkeys(each for each in (source.text("tracking_number"), *listed) if each))


def _line(source: Fields, account: str | None, currency: str | None) -> InboundLine:
    return InboundLine(
        line_id=source.identifier("id"),
        inventory_item_id=item_id(account, source.text("sku")),
        sku=source.text("sku"),
        supplier_sku=source.text("vendor_sku"),
        expected=quantity(source, "quantity"),
        received=quantity(source, "quantity_received"),
        rejected=quantity(source, "quantity_rejected"),
        unit_cost=money(source, "price", currency),
    )
