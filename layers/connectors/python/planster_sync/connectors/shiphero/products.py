"""`products`: the catalogue with its kits. Prices and costs are kept per warehouse: they count where all agree."""

from __future__ import annotations

from functools import partial

from planster_sync.connectors.shiphero.capabilities import ShipheroSettings
from planster_sync.connectors.shiphero.shapes import agreed, item_id, measured, moment
from planster_sync.mapping.fields import Fields, invalid
from planster_sync.mapping.numbers import money, required_quantity
from planster_sync.model.products import Component, Product, SupplierTerms
from planster_sync.model.record import Money


def product(source: Fields, settings: ShipheroSettings) -> Product:
    is_kit, barcode = source.flag("kit"), source.text("barcode")
    suppliers = source.each("vendors", partial(_terms, currency=settings.currency))
    return Product(
        id=source.required_id("id"),
        warehouse_customer_id=source.identifier("account_id"),
        created_at=moment(source, "created_at"),
        updated_at=moment(source, "updated_at"),
        sku=source.text("sku"),
        name=source.text("name"),
        active=is_active(source),
        barcodes=(barcode,) if barcode else (),
        is_kit=is_kit,
        holds_own_stock=source.flag("kit_build") if is_kit else None,
        components=_components(source),
        unit_price=agreed_money(source, "price", settings.currency),
        unit_cost=agreed_money(source, "value", settings.currency),
        supplier_id=agreed(each.supplier_id for each in suppliers),
        suppliers=suppliers,
        country_of_origin=source.text("country_of_manufacture"),
        harmonized_code=source.text("tariff_code"),
        measurements=measured(source, settings.weight_unit),
    )


def stocked_as(source: Fields) -> str:
    """The id of the product's inventory level; a product without a SKU, which the vendor forbids, is its own."""
    return item_id(source.identifier("account_id"), source.text("sku")) or source.required_id("id")


def holds_stock(source: Fields) -> bool:
    """Whether the product lies on a shelf itself: no virtual product does, and of kits only those built ahead."""
    return not source.flag("virtual") and (not source.flag("kit") or bool(source.flag("kit_build")))


def is_active(source: Fields) -> bool | None:
    """Active as long as one warehouse keeps it so; null where none tells."""
    told = [each.flag("active") for each in source.children("warehouse_products")]
    return True if any(told) else False if False in told else None


def agreed_money(source: Fields, name: str, currency: str | None) -> Money | None:
    rows = source.children("warehouse_products")
    return agreed(money(each, name, each.text("value_currency") or currency) for each in rows)


def _components(source: Fields) -> tuple[Component, ...]:
    if source.flag("kit"):
        return source.each("kit_components", partial(_component, account=source.identifier("account_id")))
    if source.flag("virtual"):
        return ()
    return (Component(inventory_item_id=stocked_as(source), sku=source.text("sku"), quantity=1),)


def _component(source: Fields, account: str | None) -> Component:
    sku = source.text("sku")
    item = item_id(account, sku)
    if item is None:
        raise invalid(source.path("sku"), "is missing")
    return Component(
        inventory_item_id=item,
        sku=sku,
        quantity=required_quantity(source, "quantity"),
    )


def _terms(source: Fields, currency: str | None) -> SupplierTerms:
    return SupplierTerms(
        supplier_id=source.required_id("vendor_id"),
        supplier_sku=source.text("vendor_sku"),
        unit_cost=money(source, "price", currency),
    )
