"""`returns`. A reason is kept only where it is a known word: buyers write into it."""

from __future__ import annotations

from functools import partial

from planster_sync.connectors.shiphero.capabilities import ShipheroSettings
from planster_sync.connectors.shiphero.shapes import item_id, latest, moment
from planster_sync.connectors.shiphero.statuses import REASON, RETURN
from planster_sync.mapping.fields import Fields
from planster_sync.mapping.numbers import money, quantity
from planster_sync.mapping.words import discreet_word, word
from planster_sync.model.returns import Return, ReturnLine, ReturnShipment


def return_(source: Fields, settings: ShipheroSettings) -> Return:
    rows = source.children("line_items")
    return Return(
        id=source.required_id("id"),
        warehouse_customer_id=source.identifier("account_id"),
        created_at=moment(source, "created_at"),
        updated_at=latest(moment(each, "updated_at") for each in rows),
        order_id=source.identifier("order_id"),
        status=word(source, "status", RETURN),
        lines=tuple(map(partial(_line, account=source.identifier("account_id")), rows)),
        shipments=_parcels(source, settings.currency),
    )


def _line(source: Fields, account: str | None) -> ReturnLine:
    sku = source.text("product.sku") or source.text("line_item.sku")
    return ReturnLine(
        inventory_item_id=item_id(account, sku),
        sku=sku,
        expected=quantity(source, "quantity"),
        received=quantity(source, "quantity_received"),
        restocked=quantity(source, "restock"),
        reason=discreet_word(source, "reason", REASON),
    )


def _parcels(source: Fields, currency: str | None) -> tuple[ReturnShipment, ...]:
    """One parcel where a carrier is told; a return that the buyer sends by himself has none."""
    carrier = source.text("shipping_carrier")
    return (ReturnShipment(carrier_name=carrier, cost=money(source, "label_cost", currency)),) if carrier else ()
