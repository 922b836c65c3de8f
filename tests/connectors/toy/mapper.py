"""From the toy vendor's rows to unified records."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from planster_sync.mapping.fields import Fields, decoded, invalid
from planster_sync.mapping.instants import instant
from planster_sync.mapping.measures import MeasureNames, measurements
from planster_sync.mapping.numbers import amount_of, decimal_text, pieces, quantity, required_quantity
from planster_sync.mapping.pages import split
from planster_sync.mapping.words import Table, word
from planster_sync.model.inbound import InboundShipmentSupplier
from planster_sync.model.inventory import InventoryLevel, WarehouseStock
from planster_sync.model.orders import Order, OrderLine, OrderStatus
from planster_sync.model.products import Product
from planster_sync.model.record import Money
from planster_sync.model.shipments import OrderShipment, Package
from planster_sync.ports.source import Mapped, SourceRecord
from tests.connectors.toy.capabilities import ToySettings

_STATES = Table({"OPEN": OrderStatus.OPEN, "SENT": OrderStatus.FULFILLED})


class ToyMapper:
    def __init__(self, settings: ToySettings) -> None:
        self._zone = ZoneInfo(settings.zone)

    def cut(self, body: bytes) -> Sequence[SourceRecord]:
        return split(body, records="rows", identity="no").records

    def map(self, read: str, raw: bytes) -> Mapped:
        row = decoded(raw)
        return self._article(row) if read == "articles" else self._job(row)

    def _article(self, row: Fields) -> Mapped:
        maker = row.identifier("maker.no")
        product = Product(
            id=row.required_id("no"),
            sku=row.text("code"),
            name=row.text("label"),
            updated_at=instant(row, "changed", self._zone),
            supplier_id=maker,
        )
        shared = (InboundShipmentSupplier(id=maker, name=row.text("maker.title")),) if maker else ()
        return Mapped((product, self._stock(row)), shared)

    def _stock(self, row: Fields) -> InventoryLevel:
        depots = tuple(
            WarehouseStock(warehouse_id=each.required_id("depot"), on_hand=quantity(each, "pieces"))
            for each in row.children("stock")
        )
        return InventoryLevel(
            id=row.required_id("no"),
            sku=row.text("code"),
            on_hand=pieces(sum((each.on_hand or 0 for each in depots), start=0)),
            warehouses=depots,
            measurements=measurements(row, MeasureNames(weight="grams"), units=("mm", "g")),
        )

    def _job(self, row: Fields) -> Mapped:
        order_id = row.required_id("no")
        order = Order(
            id=order_id,
            status=word(row, "state", _STATES),
            ordered_at=instant(row, "taken", self._zone),
            total_price=_worth(row),
            lines=tuple(
                OrderLine(sku=each.text("code"), quantity=required_quantity(each, "pieces"))
                for each in row.children("rows")
            ),
        )
        parcels = tuple(self._parcel(order_id, each) for each in row.children("parcels"))
        if len({each.id for each in parcels}) < len(parcels):
            raise invalid(row.path("parcels"), "holds the same parcel twice")
        return Mapped((order, *parcels))

    def _parcel(self, order_id: str, parcel: Fields) -> OrderShipment:
        number = parcel.required_id("no")
        return OrderShipment(
            id=f"{order_id}/{number}",
            shipment_id=number,
            order_id=order_id,
            shipped_at=instant(parcel, "left", self._zone),
            packages=(Package(package_id=number, tracking_number=parcel.text("trace")),),
        )


def _worth(row: Fields) -> Money | None:
    """`19.90 EUR`."""
    text = row.text("worth")
    if text is None:
        return None
    amount, _, currency = text.partition(" ")
    found = decimal_text(Fields({"worth": amount}), "worth")
    return None if found is None else Money(amount=amount_of(found), currency=currency or None)
