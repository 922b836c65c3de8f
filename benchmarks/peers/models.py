"""The vendor's records as pydantic models, as whoever writes a sync by hand would have them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    model_config = ConfigDict(extra="allow")


class Address(Model):
    address1: str | None = None
    address2: str | None = None
    address3: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None
    full_name: str | None = None
    company: str | None = None
    phone_number: str | None = None
    email_address: str | None = None


class Measurements(Model):
    length: Decimal | None = None
    width: Decimal | None = None
    height: Decimal | None = None
    unit: str | None = None
    weight: Decimal | None = None
    weight_unit: str | None = None


class VendorRecord(Model):
    id: str
    warehouse_customer_id: str | None = None
    created_date: datetime | None = None
    updated_date: datetime | None = None
    trackstar_created_date: datetime | None = None
    trackstar_updated_date: datetime | None = None
    external_system_url: str | None = None
    trackstar_tags: list[Any] = []
    additional_fields: dict[str, Any] = {}


class Levels(Model):
    onhand: int
    committed: int | None = None
    unfulfillable: int | None = None
    fulfillable: int | None = None
    unsellable: int | None = None
    sellable: int | None = None
    awaiting: int | None = None


class Lot(Model):
    lot_id: str
    onhand: int
    expiration_date: datetime | None = None
    warehouse_id: str | None = None


class Place(Model):
    location_id: str
    quantity: int
    warehouse_id: str


class Inventory(VendorRecord, Levels):
    name: str
    sku: str | None = None
    unit_cost: Decimal | None = None
    active: bool
    substitute_skus: list[str] = []
    inventory_by_warehouse_id: dict[str, Levels] = {}
    lots: list[Lot] = []
    locations: list[Place] = []
    measurements: Measurements | None = None


class Part(Model):
    inventory_item_id: str
    sku: str | None = None
    unit_quantity: int


class Supplier(Model):
    supplier_id: str
    supplier_name: str | None = None


class SupplierProduct(Supplier):
    external_id: str | None = None
    unit_cost: str | None = None


class Product(VendorRecord):
    name: str
    sku: str | None = None
    gtin: str | None = None
    unit_price: Decimal | None = None
    inventory_items: list[Part] = []
    is_kit: bool
    active: bool
    supplier_object: Supplier | None = None
    supplier_products: list[SupplierProduct] = []
    country_of_origin: str | None = None
    harmonized_code: str | None = None


class Line(Model):
    product_id: str
    sku: str | None = None
    quantity: int
    unit_price: Decimal | None = None
    is_picked: bool
    discount_amount: Decimal | None = None


class Piece(Model):
    inventory_item_id: str
    sku: str | None = None
    quantity: int
    lot_id: str | None = None
    expiration_date: datetime | None = None
    parent_product_id: str | None = None


class Package(Model):
    package_id: str
    tracking_number: str | None = None
    carrier_name: str | None = None
    shipping_cost: Decimal | None = None
    measurements: Measurements | None = None
    line_items: list[Piece] = []


class Shipment(Model):
    shipment_id: str
    warehouse_id: str
    status: str
    shipped_date: datetime | None = None
    line_items: list[Piece] = []
    ship_to_address: Address | None = None
    ship_from_address: Address | None = None
    packages: list[Package] = []


class Order(VendorRecord):
    warehouse_id: str | None = None
    reference_id: str
    order_number: str
    status: str
    channel_object: dict[str, str | None] | None = None
    type: str | None = None
    invoice_currency_code: str
    total_price: Decimal | None = None
    total_tax: Decimal | None = None
    total_discount: Decimal | None = None
    total_shipping: Decimal | None = None
    required_ship_date: datetime | None = None
    ship_to_address: Address | None = None
    line_items: list[Line] = []
    tags: list[str] = []
    shipments: list[Shipment] = []


MODELS: dict[str, type[VendorRecord]] = {"inventory": Inventory, "products": Product, "orders": Order}
