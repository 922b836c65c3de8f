"""Order shipments: what left which warehouse, in which package, from which lot."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from planster_sync.model.data_types import DataType
from planster_sync.model.record import Instant, Money, Quantity, Record, Value, Word
from planster_sync.model.vocabulary import Measurements, Place, within


class ShipmentStatus(StrEnum):
    """In order of life."""

    OPEN = "open"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    OTHER = "other"


class ShipmentLine(Value):
    """One stock item that was shipped."""

    inventory_item_id: str | None = Field(default=None, description="Id of the inventory level; or null.")
    product_id: str | None = Field(default=None, description="Product (kit) that it was shipped as; null if unknown.")
    sku: str | None = Field(default=None, description="The item's SKU; or null.")
    quantity: Quantity = Field(description="Eaches shipped.")
    lot_id: str | None = Field(default=None, description="Lot that it was taken from; or null.")
    expires_on: date | None = Field(default=None, description="Day on which that lot expires; or null.")


class Package(Value):
    """One parcel."""

    package_id: str | None = Field(default=None, description="The package's id; or null.")
    name: str | None = Field(default=None, description="Name of the box type; or null.")
    tracking_number: str | None = Field(default=None, description="The carrier's tracking number; or null.")
    shipping_method_id: str | None = Field(default=None, description="Id of the shipping method; or null.")
    shipping_method_name: str | None = Field(default=None, description="Name of the shipping method; or null.")
    carrier_id: str | None = Field(default=None, description="Id of the carrier; or null.")
    carrier_name: str | None = Field(default=None, description="Name of the carrier; or null.")
    scac: str | None = Field(default=None, description="Standard carrier alpha code; or null.")
    cost: Money | None = Field(default=None, description="What the warehouse paid for shipping it; or null.")
    measurements: Measurements | None = Field(default=None, description="Size and weight of the package; or null.")
    lines: tuple[ShipmentLine, ...] = Field(default=(), description="What is inside; empty where not told.")


class OrderShipment(Record):
    """One shipment of one order. Vendors nest it in the order: `id` is then the order's id, a slash, its own id."""

    data_type: ClassVar[DataType] = DataType.ORDER_SHIPMENTS

    shipment_id: str | None = Field(default=None, description="The source's own id of the shipment; or null.")
    order_id: str | None = Field(default=None, description="Id of the order; or null.")
    order_number: str | None = Field(default=None, description="The order's readable number; or null.")
    status: Annotated[Word, within(ShipmentStatus)] | None = Field(
        default=None, description="A word of ShipmentStatus, with the source's own word; null where it has no status."
    )
    warehouse_id: str | None = Field(default=None, description="Warehouse that shipped it; or null.")
    shipped_at: Instant | None = Field(default=None, description="When it left (UTC); null before.")
    delivered_at: Instant | None = Field(default=None, description="When it was delivered (UTC); or null.")
    destination: Place | None = Field(default=None, description="Region, postal code and country shipped to; or null.")
    lines: tuple[ShipmentLine, ...] = Field(default=(), description="What was shipped, in the source's order.")
    packages: tuple[Package, ...] = Field(default=(), description="Its parcels, in the source's order.")
