"""GET /product with bills of materials and suppliers. Prices and costs are in the company's own currency."""

from __future__ import annotations

from decimal import Decimal

from planster_sync.connectors.cin7_core.inbound_shipment_suppliers import ACTIVE
from planster_sync.connectors.cin7_core.shapes import (
    House,
    count,
    measured,
    required_count,
    required_guid,
    stamp,
    yes,
)
from planster_sync.mapping.fields import Fields, invalid
from planster_sync.mapping.numbers import EXACT, decimal_text, money, pieces
from planster_sync.model.products import Component, Product, SupplierTerms

_FINEST = Decimal("1e-12")
_ASSEMBLED_WITH_THE_ORDER = "Make to Order"
_MANUFACTURED = "Production"


def product(source: Fields, house: House) -> Product:
    barcode = source.text("Barcode")
    suppliers = source.each("Suppliers", _terms)
    only = suppliers[0] if len(suppliers) == 1 else None  # nothing marks the main one
    return Product(
        id=required_guid(source, "ID"),
        updated_at=stamp(source, "LastModifiedOn"),
        sku=source.text("SKU"),
        name=source.text("Name"),
        active=ACTIVE.get(source.text("Status") or ""),
        barcodes=(barcode,) if barcode else (),
        is_kit=_is_kit(source),
        holds_own_stock=_holds_own_stock(source),
        components=_components(source),
        unit_price=money(source, "PriceTier1", house.currency),
        unit_cost=money(source, "AverageCost", house.currency),
        supplier_id=only.supplier_id if only else None,
        supplier_name=only.supplier_name if only else None,
        suppliers=suppliers,
        country_of_origin=source.text("CountryOfOriginCode") or source.text("CountryOfOrigin"),
        harmonized_code=source.text("HSCode"),
        category=source.text("Category"),
        brand=source.text("Brand"),
        measurements=measured(source),
    )


def _made_of(source: Fields) -> tuple[Fields, ...]:
    return source.children("BillOfMaterialsProducts") if yes(source, "BillOfMaterial") else ()


def _is_kit(source: Fields) -> bool | None:
    """Whether it is put together out of others, neither manufactured nor a pack.

    A second unit of measure is a product of its own, cut out of a single other one and back into it by itself.
    """
    if source.value("BillOfMaterial") is None:
        return None
    bill = _made_of(source)
    is_pack = len(bill) == 1 and yes(source, "AutoAssembly") and yes(source, "AutoDisassembly")
    return bool(bill) and not is_pack and source.text("BOMType") != _MANUFACTURED


def _holds_own_stock(source: Fields) -> bool | None:
    """Whether what has a bill of materials is assembled ahead; null for what has none."""
    if not _made_of(source):
        return None
    return not yes(source, "AutoAssembly") and source.text("BOMType") != _ASSEMBLED_WITH_THE_ORDER


def _components(source: Fields) -> tuple[Component, ...]:
    """What one of it takes; a plain stock item takes itself, and what carries no stock takes nothing."""
    bill = _made_of(source)
    if bill:
        made = decimal_text(source, "QuantityToProduce") or Decimal(1)
        return tuple(_component(each, made) for each in bill)
    if source.text("Type") != "Stock":
        return ()
    return (Component(inventory_item_id=required_guid(source, "ID"), sku=source.text("SKU"), quantity=1),)


def _component(source: Fields, made: Decimal) -> Component:
    taken = Decimal(required_count(source, "Quantity"))
    return Component(
        inventory_item_id=required_guid(source, "ComponentProductID"),
        sku=source.text("ProductCode"),
        quantity=pieces(_short(EXACT.divide(taken, made))),
    )


def _short(value: Decimal) -> Decimal:
    """A share such as 1/3, to the twelve places that a plan can use."""
    rounded = value.quantize(_FINEST, context=EXACT)
    return value if value == rounded else rounded


def _terms(source: Fields) -> SupplierTerms:
    """`FixedCost` is agreed; `Cost` is what was last paid."""
    agreed = "FixedCost" if decimal_text(source, "FixedCost") else "Cost"
    options = source.children("ProductSupplierOptions")
    return SupplierTerms(
        supplier_id=required_guid(source, "SupplierID"),
        supplier_name=source.text("SupplierName"),
        supplier_sku=source.text("SupplierInventoryCode"),
        unit_cost=money(source, agreed, source.text("Currency")),
        lead_time_days=_days(options),
        minimum_quantity=_greatest(options, "MinimumToReorder"),
    )


def _days(options: tuple[Fields, ...]) -> int | None:
    """The longest over all warehouses, for who plans with it must not be late; 0 is the vendor's default."""
    longest = _greatest(options, "Lead")
    if longest is not None and not isinstance(longest, int):
        raise invalid("Suppliers.ProductSupplierOptions.Lead", "is not a number of days")
    return longest


def _greatest(options: tuple[Fields, ...], name: str) -> int | Decimal | None:
    given = [found for each in options if (found := count(each, name))]
    return max(given, default=None)
