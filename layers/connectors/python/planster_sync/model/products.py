"""Products: what is sold. One product is met from one or more stock items."""

from __future__ import annotations

from typing import Annotated, ClassVar

from msgspec import field

from planster_sync.model.data_types import DataType
from planster_sync.model.record import Money, Quantity, Record, Value, empty, means
from planster_sync.model.vocabulary import Measurements


class Component(Value, frozen=True, kw_only=True):
    """How much of one stock item a single product takes."""

    inventory_item_id: Annotated[str, means("Id of the inventory level.")]
    sku: Annotated[str | None, means("The stock item's SKU; or null.")] = None
    quantity: Annotated[Quantity, means("Eaches of the stock item in one product.")]


class SupplierTerms(Value, frozen=True, kw_only=True):
    """What one supplier asks for the product."""

    supplier_id: Annotated[str, means("Id of the supplier.")]
    supplier_name: Annotated[str | None, means("The supplier's business name; or null.")] = None
    supplier_sku: Annotated[str | None, means("The supplier's own number of the product; or null.")] = None
    unit_cost: Annotated[Money | None, means("Purchase price of one each; or null.")] = None
    lead_time_days: Annotated[int | None, means("Days from purchase order to arrival; or null.")] = None
    minimum_quantity: Annotated[Quantity | None, means("Least eaches per purchase order; or null.")] = None
    order_multiple: Annotated[Quantity | None, means("Eaches come in multiples of this; or null.")] = None


class Product(Record, frozen=True, kw_only=True):
    """One sellable product.

    A kit's stock is that of its components: whoever adds up stock counts inventory levels, and reads `components`
    to turn demand for kits into demand for items, unless `holds_own_stock` is true.
    """

    data_type: ClassVar[DataType] = DataType.PRODUCTS

    sku: Annotated[str | None, means("Stock-keeping unit, unchanged; null where it has none.")] = None
    name: Annotated[str | None, means("The product's name; or null.")] = None
    active: Annotated[bool | None, means("Whether it is still sold; null where not told.")] = None
    barcodes: Annotated[tuple[str, ...], means("GTIN, UPC, EAN or ISBN as text, leading zeros kept.")] = field(
        default_factory=empty
    )
    is_kit: Annotated[bool | None, means("True for a bundle of other items; null where not told.")] = None
    holds_own_stock: Annotated[
        bool | None, means("For a kit: true where it is assembled ahead and counted as stock; null where unknown.")
    ] = None
    components: Annotated[
        tuple[Component, ...], means("The stock items in one product; a plain product has one, of quantity 1.")
    ] = field(default_factory=empty)
    unit_price: Annotated[Money | None, means("Sales price of one; or null.")] = None
    unit_cost: Annotated[Money | None, means("Cost of one; or null.")] = None
    supplier_id: Annotated[str | None, means("Id of the main supplier; or null.")] = None
    supplier_name: Annotated[str | None, means("Business name of the main supplier; or null.")] = None
    suppliers: Annotated[tuple[SupplierTerms, ...], means("Every supplier that the source knows for it.")] = field(
        default_factory=empty
    )
    country_of_origin: Annotated[str | None, means("Country of make, as the source writes it; or null.")] = None
    harmonized_code: Annotated[str | None, means("Customs tariff number as text; or null.")] = None
    category: Annotated[str | None, means("The source's product group; or null.")] = None
    brand: Annotated[str | None, means("Brand; or null.")] = None
    measurements: Annotated[Measurements | None, means("Size and weight of one; or null.")] = None
