"""GET /items: items with their packs, barcodes, vendors and, for bundles, components."""

from __future__ import annotations

from functools import partial

from planster_sync.connectors.deposco.shapes import Terms, code_of, count, each_row, number_of, owned, rows
from planster_sync.mapping.fields import Fields, invalid
from planster_sync.mapping.measures import MeasureNames, measurements
from planster_sync.mapping.numbers import money
from planster_sync.model.products import Component, Product, SupplierTerms
from planster_sync.model.vocabulary import Measurements

_SIZE = MeasureNames(
    length="dimensions.length.measurement",
    width="dimensions.width.measurement",
    height="dimensions.height.measurement",
    weight="weight.weight",
    length_unit="dimensions.length.units",
    weight_unit="weight.units",
)


def product(source: Fields, terms: Terms) -> Product:
    parts = each_row(source, "components", _component)
    singles = [pack for pack in source.children("packs") if count(pack, "quantity") == 1]
    return Product(
        **owned(source, terms),
        sku=source.identifier("number"),
        name=source.text("name") or source.text("shortDescription"),
        active=source.flag("active"),
        barcodes=_barcodes(source, singles),
        is_kit=_is_kit(source, parts),
        holds_own_stock=_holds_own_stock(source),
        components=parts or _itself(source),
        unit_price=money(source, "unitPrice", terms.currency),
        unit_cost=money(source, "purchaseCost", terms.currency),
        supplier_id=code_of(source, "tradingPartner"),
        suppliers=each_row(source, "itemVendors", partial(_vendor, terms=terms)),
        country_of_origin=source.text("originCountry"),
        brand=source.text("brandName"),
        measurements=_measured(source, singles),
    )


def _is_kit(source: Fields, parts: tuple[Component, ...]) -> bool:
    return bool(parts or source.flag("kitOrderOnly") or source.flag("kitStockOnly"))


def _holds_own_stock(source: Fields) -> bool | None:
    """True where only assembled kits are released, False where only components; either way is null."""
    on_order, ahead = source.flag("kitOrderOnly"), source.flag("kitStockOnly")
    return None if bool(on_order) is bool(ahead) else bool(ahead)


def _component(source: Fields) -> Component:
    item, quantity = number_of(source, "subComponent"), count(source, "quantity")
    if item is None:
        raise invalid(source.path("subComponent.businessKey.number"), "is missing")
    if quantity is None:
        raise invalid(source.path("quantity"), "is missing")
    return Component(inventory_item_id=item, sku=item, quantity=quantity)


def _itself(source: Fields) -> tuple[Component, ...]:
    item = source.identifier("number")
    return (Component(inventory_item_id=item, sku=item, quantity=1),) if item else ()


def _barcodes(source: Fields, singles: list[Fields]) -> tuple[str, ...]:
    """Of the item and of its single packs: the code on a case names twelve, not one."""
    found = [row.text("value") for row in rows(source, "upcs")]
    found += [row.text("value") for pack in singles for row in rows(pack, "upcs")]
    return tuple(dict.fromkeys(code for code in found if code))


def _vendor(source: Fields, terms: Terms) -> SupplierTerms:
    supplier = code_of(source, "tradingPartner")
    if supplier is None:
        raise invalid(source.path("tradingPartner.businessKey.code"), "is missing")
    return SupplierTerms(
        supplier_id=supplier,
        supplier_sku=source.identifier("itemSkuUpc"),
        unit_cost=money(source, "unitCost", terms.currency),
        minimum_quantity=count(source, "reorderQuantity"),
    )


def _measured(source: Fields, singles: list[Fields]) -> Measurements | None:
    """Size and weight of the single pack; the item's own weight where the pack has none."""
    single = singles[0] if singles else Fields({})
    weight = single.value("weight") or source.value("weight")
    return measurements(Fields({"dimensions": single.value("dimensions"), "weight": weight}, "packs", source), _SIZE)
