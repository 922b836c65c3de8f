"""Parcels: the ship lines of a sale's fulfilments. `TrackingURL` and `ShippingNotes` are not read."""

from __future__ import annotations

from planster_sync.connectors.cin7_core.places import place_id
from planster_sync.connectors.cin7_core.shapes import House, date, guid, place, required_count, required_guid, yes
from planster_sync.connectors.cin7_core.statuses import SHIPMENT
from planster_sync.mapping.fields import Fields, invalid
from planster_sync.mapping.instants import day
from planster_sync.model.record import Word
from planster_sync.model.shipments import OrderShipment, Package, ShipmentLine, ShipmentStatus


def order_shipments(sale: Fields, house: House) -> tuple[OrderShipment, ...]:
    """Every parcel of a sale, in its order.

    Raises:
        RecordInvalid: two parcels have the same id.
    """
    found = tuple(
        _shipment(parcel, fulfilment, sale, house)
        for fulfilment in sale.children("Fulfilments")
        for parcel in fulfilment.children("Ship.Lines")
    )
    if len({each.id for each in found}) < len(found):
        raise invalid(sale.path("Fulfilments"), "holds the same parcel twice")
    return found


def _shipment(source: Fields, fulfilment: Fields, sale: Fields, house: House) -> OrderShipment:
    own, sale_id = required_guid(source, "ID"), required_guid(sale, "ID")
    status = _status(source, fulfilment)
    goods = _goods(source, fulfilment)
    is_shipped = status is not None and status.value is ShipmentStatus.SHIPPED
    package = Package(
        package_id=own,
        name=source.text("Boxes"),
        tracking_number=source.text("TrackingNumber"),
        carrier_name=source.text("Carrier"),
    )
    return OrderShipment(
        id=f"{sale_id}/{own}",
        shipment_id=own,
        order_id=sale_id,
        order_number=sale.text("Order.SaleOrderNumber"),
        status=status,
        warehouse_id=_warehouse_id(sale, fulfilment),
        shipped_at=date(source, "ShipmentDate", house) if is_shipped else None,
        destination=place(fulfilment, "Ship.ShippingAddress"),
        lines=tuple(_line(each) for each in goods),
        packages=(package,),
    )


def _status(source: Fields, fulfilment: Fields) -> Word[ShipmentStatus] | None:
    """A parcel that is marked as shipped has left, whatever the whole of them is still waiting for."""
    vendor = fulfilment.text("Ship.Status")
    if yes(source, "IsShipped") and SHIPMENT.known(vendor) is not ShipmentStatus.CANCELLED:
        return Word(value=ShipmentStatus.SHIPPED, vendor=vendor)
    return SHIPMENT.placed(vendor, vendor) if vendor else None


def _goods(source: Fields, fulfilment: Fields) -> tuple[Fields, ...]:
    """What was packed into the parcel's boxes; else all that was picked, where it is the only parcel."""
    boxes = {name.strip() for name in (source.text("Boxes") or "").split(",")}
    packed = tuple(
        line for line in fulfilment.children("Pack.Lines") if (line.text("Box") or "").strip() in boxes - {""}
    )
    if packed or len(fulfilment.children("Ship.Lines")) > 1:
        return _stock(packed)
    return _stock(fulfilment.children("Pick.Lines"))


def _stock(lines: tuple[Fields, ...]) -> tuple[Fields, ...]:
    return tuple(line for line in lines if not yes(line, "NonInventory"))


def _warehouse_id(sale: Fields, fulfilment: Fields) -> str | None:
    """Where it was picked: lines name the warehouse or a bin in it."""
    for line in fulfilment.children("Pick.Lines"):
        named = guid(line, "LocationID") or line.text("Location")
        if named:
            return place_id(sale, named)
    return None


def _line(source: Fields) -> ShipmentLine:
    return ShipmentLine(
        inventory_item_id=guid(source, "ProductID"),
        sku=source.text("SKU"),
        quantity=required_count(source, "Quantity"),
        lot_id=source.text("BatchSN"),
        expires_on=day(source, "ExpiryDate"),
    )
