"""GET /articles with the article's structure definition: what is sold. Descriptions and pictures are not read."""

from __future__ import annotations

from planster_sync.connectors.ongoing.shapes import PRODUCTION, Terms, is_active, kind_of, measured, supplier_id
from planster_sync.mapping.fields import Fields
from planster_sync.mapping.numbers import money, quantity, required_quantity
from planster_sync.model.products import Component, Product, SupplierTerms
from planster_sync.model.record import Money, Quantity


def product(source: Fields, terms: Terms) -> Product:
    kind = kind_of(source)
    currency = source.text("purcaseCurrencyCode") or terms.currency  # the vendor's own spelling
    supplier = source.child("supplierInfo")
    return Product(
        id=source.required_id("articleSystemId"),
        warehouse_customer_id=source.identifier("goodsOwner.id"),
        updated_at=terms.moment(source, "articleDataLastUpdated"),
        sku=source.text("articleNumber"),
        name=source.text("articleName"),
        active=is_active(source),
        barcodes=_barcodes(source.child("barCodeInfo")),
        is_kit=kind is not None,
        holds_own_stock=None if kind is None else kind == PRODUCTION,
        components=source.each("structureDefinition.rows", _component) if kind else (_itself(source),),
        unit_price=money(source, "customerPrice", terms.currency),
        unit_cost=money(source, "purchasePrice", currency),
        supplier_id=supplier_id(supplier),
        supplier_name=supplier.text("supplierName"),
        suppliers=_suppliers(source, supplier, currency),
        country_of_origin=source.text("countryOfOriginCode"),
        harmonized_code=source.text("statisticsNumber"),
        category=source.text("articleGroup.name"),
        measurements=measured(source),
    )


def _barcodes(source: Fields) -> tuple[str, ...]:
    """Codes of one each; those of packages and pallets would be scanned for many."""
    others = [
        each.text("barCode")
        for each in source.children("alternativeBarCodes")
        if quantity(each, "quantityPerBarCode") in (None, 1)
    ]
    return tuple(dict.fromkeys(code for code in (source.text("barCode"), *others) if code))


def _itself(source: Fields) -> Component:
    return Component(
        inventory_item_id=source.required_id("articleSystemId"), sku=source.text("articleNumber"), quantity=1
    )


def _component(source: Fields) -> Component:
    return Component(
        inventory_item_id=source.required_id("articleSystemId"),
        sku=source.text("articleNumber"),
        quantity=required_quantity(source, "numberOfItems"),
    )


def _suppliers(source: Fields, main: Fields, currency: str | None) -> tuple[SupplierTerms, ...]:
    """The main supplier with the article's price and least quantity, then the others; each supplier once."""
    cost, least = money(source, "purchasePrice", currency), quantity(source, "minimumReorderQuantity")
    offers = [_terms(main, cost, least), *(_terms(each, None, None) for each in main.children("alternativeSuppliers"))]
    found: dict[str, SupplierTerms] = {}
    for each in offers:
        if each is not None:
            found.setdefault(each.supplier_id, each)
    return tuple(found.values())


def _terms(supplier: Fields, cost: Money | None, least: Quantity | None) -> SupplierTerms | None:
    key = supplier_id(supplier)
    if key is None:
        return None
    return SupplierTerms(
        supplier_id=key,
        supplier_name=supplier.text("supplierName"),
        supplier_sku=supplier.text("supplierArticleNumber"),
        unit_cost=cost,
        minimum_quantity=least,
    )
