"""GET /wms/products: sellable products and kits. Size and weight are on the inventory level."""

from __future__ import annotations

from functools import partial

from planster_sync.connectors.trackstar.shapes import owned
from planster_sync.mapping.fields import Fields
from planster_sync.mapping.numbers import money, required_quantity
from planster_sync.model.products import Component, Product, SupplierTerms


def product(source: Fields, currency: str | None) -> Product:
    barcode = source.text("gtin")
    return Product(
        **owned(source),
        sku=source.text("sku"),
        name=source.text("name"),
        active=source.flag("active"),
        barcodes=(barcode,) if barcode else (),
        is_kit=source.flag("is_kit"),
        components=source.each("inventory_items", _component),
        unit_price=money(source, "unit_price", currency),
        supplier_id=source.identifier("supplier_object.supplier_id"),
        supplier_name=source.text("supplier_object.supplier_name") or source.text("supplier"),  # `supplier`: deprecated
        suppliers=source.each("supplier_products", partial(_terms, currency=currency)),
        country_of_origin=source.text("country_of_origin"),
        harmonized_code=source.text("harmonized_code"),
    )


def _component(source: Fields) -> Component:
    return Component(
        inventory_item_id=source.required_id("inventory_item_id"),
        sku=source.text("sku"),
        quantity=required_quantity(source, "unit_quantity"),
    )


def _terms(source: Fields, currency: str | None) -> SupplierTerms:
    return SupplierTerms(
        supplier_id=source.required_id("supplier_id"),
        supplier_name=source.text("supplier_name"),
        supplier_sku=source.identifier("external_id"),
        unit_cost=money(source, "unit_cost", currency),  # a text here, a number elsewhere (OpenAPI, supplier_products)
    )
