"""Order shipments: what left which warehouse, in which package, from which lot."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from msgspec import field

from planster_sync.model.data_types import DataType
from planster_sync.model.record import Day, Instant, Money, Quantity, Record, Value, Word, empty, means
from planster_sync.model.vocabulary import Measurements, Place


class ShipmentStatus(StrEnum):
    """In order of life."""

    OPEN = "open"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    OTHER = "other"


class ShipmentLine(Value, frozen=True, kw_only=True):
    """One stock item that was shipped."""

    inventory_item_id: Annotated[str | None, means("Id of the inventory level; or null.")] = None
    product_id: Annotated[str | None, means("Product (kit) that it was shipped as; null if unknown.")] = None
    sku: Annotated[str | None, means("The item's SKU; or null.")] = None
    quantity: Annotated[Quantity, means("Eaches shipped.")]
    lot_id: Annotated[str | None, means("Lot that it was taken from; or null.")] = None
    expires_on: Annotated[Day | None, means("Day on which that lot expires; or null.")] = None


class Package(Value, frozen=True, kw_only=True):
    """One parcel."""

    package_id: Annotated[str | None, means("The package's id; or null.")] = None
    name: Annotated[str | None, means("Name of the box type; or null.")] = None
    tracking_number: Annotated[str | None, means("The carrier's tracking number; or null.")] = None
    shipping_method_id: Annotated[str | None, means("Id of the shipping method; or null.")] = None
    shipping_method_name: Annotated[str | None, means("Name of the shipping method; or null.")] = None
    carrier_id: Annotated[str | None, means("Id of the carrier; or null.")] = None
    carrier_name: Annotated[str | None, means("Name of the carrier; or null.")] = None
    scac: Annotated[str | None, means("Standard carrier alpha code; or null.")] = None
    cost: Annotated[Money | None, means("What the warehouse paid for shipping it; or null.")] = None
    measurements: Annotated[Measurements | None, means("Size and weight of the package; or null.")] = None
    lines: Annotated[tuple[ShipmentLine, ...], means("What is inside; empty where not told.")] = field(
        default_factory=empty
    )


class OrderShipment(Record, frozen=True, kw_only=True):
    """One shipment of one order. Vendors nest it in the order: `id` is then the order's id, a slash, its own id."""

    data_type: ClassVar[DataType] = DataType.ORDER_SHIPMENTS

    shipment_id: Annotated[str | None, means("The source's own id of the shipment; or null.")] = None
    order_id: Annotated[str | None, means("Id of the order; or null.")] = None
    order_number: Annotated[str | None, means("The order's readable number; or null.")] = None
    status: Annotated[
        Word[ShipmentStatus] | None,
        means("A word of ShipmentStatus, with the source's own word; null where it has no status."),
    ] = None
    warehouse_id: Annotated[str | None, means("Warehouse that shipped it; or null.")] = None
    shipped_at: Annotated[Instant | None, means("When it left (UTC); null before.")] = None
    delivered_at: Annotated[Instant | None, means("When it was delivered (UTC); or null.")] = None
    destination: Annotated[Place | None, means("Region, postal code and country shipped to; or null.")] = None
    lines: Annotated[tuple[ShipmentLine, ...], means("What was shipped, in the source's order.")] = field(
        default_factory=empty
    )
    packages: Annotated[tuple[Package, ...], means("Its parcels, in the source's order.")] = field(
        default_factory=empty
    )
