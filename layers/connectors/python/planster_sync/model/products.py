"""Products: what is sold. One product is met from one or more stock items."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from planster_sync.model.data_types import DataType
from planster_sync.model.record import Money, Quantity, Record, Value
from planster_sync.model.vocabulary import Measurements


class Component(Value):
    """How much of one stock item a single product takes."""

    inventory_item_id: str = Field(description="Id of the inventory level.")
    sku: str | None = Field(default=None, description="The stock item's SKU; or null.")
    quantity: Quantity = Field(description="Eaches of the stock item in one product.")


class SupplierTerms(Value):
    """What one supplier asks for the product."""

    supplier_id: str = Field(description="Id of the supplier.")
    supplier_name: str | None = Field(default=None, description="The supplier's business name; or null.")
    supplier_sku: str | None = Field(default=None, description="The supplier's own number of the product; or null.")
    unit_cost: Money | None = Field(default=None, description="Purchase price of one each; or null.")
    lead_time_days: int | None = Field(default=None, description="Days from purchase order to arrival; or null.")
    minimum_quantity: Quantity | None = Field(default=None, description="Least eaches per purchase order; or null.")
    order_multiple: Quantity | None = Field(default=None, description="Eaches come in multiples of this; or null.")


class Product(Record):
    """One sellable product.

    A kit's stock is that of its components: whoever adds up stock counts inventory levels, and reads `components`
    to turn demand for kits into demand for items, unless `holds_own_stock` is true.
    """

    data_type: ClassVar[DataType] = DataType.PRODUCTS

    sku: str | None = Field(default=None, description="Stock-keeping unit, unchanged; null where it has none.")
    name: str | None = Field(default=None, description="The product's name; or null.")
    active: bool | None = Field(default=None, description="Whether it is still sold; null where not told.")
    barcodes: tuple[str, ...] = Field(default=(), description="GTIN, UPC, EAN or ISBN as text, leading zeros kept.")
    is_kit: bool | None = Field(default=None, description="True for a bundle of other items; null where not told.")
    holds_own_stock: bool | None = Field(
        default=None,
        description="For a kit: true where it is assembled ahead and counted as stock; null where unknown.",
    )
    components: tuple[Component, ...] = Field(
        default=(), description="The stock items in one product; a plain product has one, of quantity 1."
    )
    unit_price: Money | None = Field(default=None, description="Sales price of one; or null.")
    unit_cost: Money | None = Field(default=None, description="Cost of one; or null.")
    supplier_id: str | None = Field(default=None, description="Id of the main supplier; or null.")
    supplier_name: str | None = Field(default=None, description="Business name of the main supplier; or null.")
    suppliers: tuple[SupplierTerms, ...] = Field(default=(), description="Every supplier that the source knows for it.")
    country_of_origin: str | None = Field(
        default=None, description="Country of make, as the source writes it; or null."
    )
    harmonized_code: str | None = Field(default=None, description="Customs tariff number as text; or null.")
    category: str | None = Field(default=None, description="The source's product group; or null.")
    brand: str | None = Field(default=None, description="Brand; or null.")
    measurements: Measurements | None = Field(default=None, description="Size and weight of one; or null.")
