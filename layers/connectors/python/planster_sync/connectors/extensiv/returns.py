"""GET /inventory/receivers of type 1. There is no reason, and no order: only conventions in the reference name one."""

from __future__ import annotations

from planster_sync.connectors.extensiv.receivers import arrived_at, expected, is_confirmed, receive_items, received
from planster_sync.connectors.extensiv.shapes import Terms, item_key, numbers_in
from planster_sync.connectors.extensiv.shipping_methods import method_key
from planster_sync.connectors.extensiv.statuses import RETURN
from planster_sync.mapping.fields import Fields
from planster_sync.mapping.numbers import required_quantity
from planster_sync.model.record import Quantity, Word
from planster_sync.model.returns import Disposition, Inspection, Return, ReturnLine, ReturnShipment, ReturnShipmentLine


def return_(source: Fields, terms: Terms) -> Return:
    told = source.identifier("readOnly.status")
    return Return(
        **terms.owned(source, "readOnly.receiverId"),
        status=RETURN.placed(told, told) if told else None,
        lines=tuple([_line(each, source) for each in receive_items(source)]),
        shipments=(_shipment(source, terms),),
    )


def _line(source: Fields, receiver: Fields) -> ReturnLine:
    return ReturnLine(
        inventory_item_id=item_key(source),
        sku=source.text("itemIdentifier.sku"),
        expected=expected(source),
        received=received(source, receiver),
        restocked=_restocked(source, receiver),
    )


def _restocked(source: Fields, receiver: Fields) -> Quantity | None:
    """What became stock and was not put on hold (assumption)."""
    return 0 if source.flag("onHold") else received(source, receiver)


def _shipment(source: Fields, terms: Terms) -> ReturnShipment:
    """The receiver as a parcel: the vendor knows no other."""
    carrier = source.text("carrier")
    return ReturnShipment(
        tracking_number=next(iter(numbers_in(source.text("trackingNumber"))), None),
        arrived_at=arrived_at(source, terms),
        warehouse_id=source.identifier("readOnly.facilityIdentifier.id"),
        carrier_id=carrier and method_key(carrier),
        carrier_name=carrier,
        scac=source.text("scacCode"),
        lines=tuple([_shipment_line(each, source) for each in receive_items(source)]),
    )


def _shipment_line(source: Fields, receiver: Fields) -> ReturnShipmentLine:
    returned = required_quantity(source, "qty")
    return ReturnShipmentLine(
        inventory_item_id=item_key(source),
        sku=source.text("itemIdentifier.sku"),
        quantity=returned,
        inspections=(_inspection(source, returned),) if is_confirmed(receiver) else (),
    )


def _inspection(source: Fields, returned: Quantity) -> Inspection:
    end = Disposition.QUARANTINED if source.flag("onHold") else Disposition.RESTOCKED
    return Inspection(quantity=returned, disposition=Word(value=end))
