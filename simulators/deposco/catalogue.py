"""What there is: items with packs and kits, their stock, suppliers, facilities, locations, companies."""

from __future__ import annotations

from collections.abc import Iterator

from simulators.business.articles import Article, articles, kits
from simulators.business.business import Business
from simulators.business.spec import Record
from simulators.deposco.names import (
    CASE,
    FIRST_KIT,
    PROVIDER,
    UNIT,
    ZONES,
    address,
    article_ref,
    collection,
    facility_number,
    item_ref,
    pack_ref,
    partner_code,
    partner_ref,
    ref,
    stamps,
    unit,
)

MEASURES = {
    "totalOnHandQty": "onhand",
    "atpQty": "fulfillable",
    "coAtpQty": "fulfillable",
    "totalAtp": "fulfillable",
    "openOrderLineQty": "committed",
    "qtyOnPO": "awaiting",
}
"""The vendor's measures of stock, and the business's quantities behind them. `inTransitQty` is always told as 0."""


def stock(business: Business) -> Iterator[Record]:
    """Every stocked article with its measures per facility; a facility without stock of it does not appear."""
    for article in articles(business):
        if article.item is None:
            continue
        totals = {name: article.item[theirs] for name, theirs in MEASURES.items()}
        held = article_ref(article)
        facilities = [
            {"facility": facility_number(business.number("warehouses", warehouse)), **_measured(quantities)}
            for warehouse, quantities in article.stock.items()
        ]
        number = held["businessKey"]["number"]
        yield {"itemId": held["id"], "itemNumber": number, **totals, "inTransitQty": 0, "facilities": facilities}


def _measured(quantities: Record) -> Record:
    told = {name: quantities[theirs] for name, theirs in MEASURES.items() if quantities[theirs] is not None}
    return {**told, "inTransitQty": 0}


def items(business: Business) -> Iterator[Record]:
    for article in articles(business):
        yield _article(business, article)
    for kit in kits(business):
        yield _kit(business, kit)


def _article(business: Business, article: Article) -> Record:
    product, own = article.product or {}, article_ref(article)
    told = article.product or article.item or {}
    return {
        "self": own,
        "businessUnit": unit(),
        "number": own["businessKey"]["number"],
        "name": article.name,
        "shortDescription": article.name[:20],
        "longDescription": f"{article.name}, from the catalogue",
        "itemType": "Simple",
        "active": told["active"],
        "packs": _packs(own, (article.item or {}).get("measurements") or {}),
        "upcs": _codes(own, product.get("gtin")),
        "purchaseCost": (article.item or {}).get("unit_cost"),
        "unitPrice": product.get("unit_price"),
        "kitOrderOnly": False,
        "kitStockOnly": False,
        "components": [],
        "inventoryTrackingEnabled": True,
        "lotTrackingEnabled": bool((article.item or {}).get("lots")),
        "receiveOverTolerance": 0,
        **_bought(business, own, product),
        "brandName": None if article.number % 3 else "House brand",
        "productCategory": ref(article.number % 5, name=f"Group {article.number % 5}"),
        **stamps(told),
    }


def _bought(business: Business, own: Record, product: Record) -> Record:
    vendors = [_vendor(business, own, row) for row in product.get("supplier_products", ())]
    return {
        "tradingPartner": partner_ref(business, product.get("supplier_object")),
        "itemVendors": collection(vendors),
        "originCountry": product.get("country_of_origin"),
    }


def _codes(own: Record, code: str | None) -> Record:
    return collection([{"self": ref(own["id"] * 10, value=code), "value": code}] if code else [])


def _packs(own: Record, measured: Record) -> list[Record]:
    """The single piece with its size, and a case of twelve with a code of its own."""
    single: Record = {"self": pack_ref(own, 1), "type": "Each", "quantity": 1, "upcs": collection([])}
    if measured.get("unit"):
        sides = {
            side: {"measurement": measured[side], "units": measured["unit"]} for side in ("length", "width", "height")
        }
        single |= {"dimensions": sides, "weight": {"weight": measured["weight"], "units": measured["weight_unit"]}}
    code = f"1{own['id']:013d}"
    case = {"self": pack_ref(own, CASE), "type": "Case", "quantity": CASE}
    return [single, {**case, "upcs": collection([{"self": ref(own["id"], value=code), "value": code}])}]


def _vendor(business: Business, own: Record, row: Record) -> Record:
    partner = partner_ref(business, row)
    least = {"reorderQuantity": None if own["id"] % 4 else 144, "isPreferred": True}
    return {
        "self": ref(own["id"] * 10 + 5),
        "item": own,
        "tradingPartner": partner,
        "itemSkuUpc": row["external_id"],
        "unitCost": float(row["unit_cost"]),
        **least,
    }


def _kit(business: Business, kit: Record) -> Record:
    """A bundle: of every three, one is built to order, one assembled ahead, one may be either."""
    own = ref(FIRST_KIT + kit["number"], number=kit["sku"], businessUnit__code=UNIT)
    parts = [
        {
            "self": ref(own["id"] * 10 + place),
            "quantity": part["unit_quantity"],
            "item": own,
            "subComponent": item_ref(business, part["inventory_item_id"]),
            "sequence": place,
        }
        for place, part in enumerate(kit["inventory_items"], start=1)
    ]
    return {
        "self": own,
        "businessUnit": unit(),
        "number": kit["sku"],
        "name": kit["name"],
        "active": kit["active"],
        "packs": [{"self": pack_ref(own, 1), "type": "Each", "quantity": 1, "upcs": collection([])}],
        "upcs": _codes(own, kit["gtin"]),
        "unitPrice": kit["unit_price"],
        "kitOrderOnly": kit["number"] % 3 == 0,
        "kitStockOnly": kit["number"] % 3 == 1,
        "components": parts,
        "tradingPartner": None,
        "itemVendors": collection([]),
        **stamps(kit),
    }


def deactivated(record: Record) -> Record:
    """The vendor deletes no item; it is no longer active."""
    return {**record, "active": False}


def partners(business: Business) -> Iterator[Record]:
    """The suppliers, and two partners that sell nothing."""
    for record in business.records("suppliers"):
        yield {
            "self": ref(100 + record["number"], code=partner_code(record["number"])),
            "businessUnit": unit(),
            "code": partner_code(record["number"]),
            "name": record["name"],
            "partnershipType": "Drop Ship Vendor" if record["number"] % 4 == 3 else "Vendor",
            "contact": {"firstName": "Inventa", "lastName": "Seller", "email": f"s{record['number']}@example.test"},
            "address": {"line1": "1 Mill Lane", "city": "Braga", "country": "PT"},
            "accountNumber": f"ACC-{record['number']}",
            "paymentTerms": "Net 30",
            "defaultCurrencyCode": None if record["number"] % 2 else "USD",
            "minOrderAmount": 500,
            **stamps(record),
        }
    first = business.records("warehouses")[0]
    for number, kind in ((90, "Customer"), (91, "Transportation Provider")):
        code = f"X-{number:04d}"
        named = {"code": code, "name": f"Partner {number}", "partnershipType": kind}
        yield {"self": ref(number, code=code), "businessUnit": unit(), **named, "createdDate": first["created_at"]}


def facilities(business: Business) -> Iterator[Record]:
    for record in business.records("warehouses"):
        place = address(record["address"])
        number = facility_number(record["number"])
        yield {
            "self": ref(record["number"] + 1, number=number),
            "businessUnit": unit(PROVIDER),
            "number": number,
            "name": record["name"],
            "type": "Distribution Center",
            "isVirtual": False,
            "phone": "+000 555 0100",
            "address": place,
            "timeZone": ZONES[record["number"] % len(ZONES)],
            "facilityUomSystem": "Imperial",
            **stamps(record),
        }


STORAGE = {"shelf": "Split Case Picking", "pallet": "Reserve Storage", None: None}


def locations(business: Business) -> Iterator[Record]:
    for record in business.records("locations"):
        house, measured = business.number("warehouses", record["warehouse_id"]), record["measurements"] or {}
        facility = facility_number(house)
        sized = {
            side: {"measurement": measured[side], "units": measured["unit"]} for side in ("length", "width", "height")
        }
        yield {
            "self": ref(record["number"] + 1),
            "businessUnit": unit(PROVIDER),
            "facility": ref(house + 1, number=facility),
            "number": record["id"],
            "locator": f"{facility}{record['id']}",
            "name": record["name"],
            "type": "Rack Picking",
            "storageType": STORAGE.get(record["type"], "Cold Room"),
            "status": "Ready",
            "pickable": record["type"] == "shelf",
            "reserved": record["type"] == "pallet",
            **({"dimensions": sized} if measured.get("unit") else {}),
            **stamps(record),
        }


def companies(business: Business) -> Iterator[Record]:
    """The merchant, and others of the same warehouse whose goods this account does not see."""
    for record in business.records("warehouse_customers"):
        code = UNIT if record["number"] == 0 else f"OTHER{record['number']}"
        yield {
            "self": ref(7 + record["number"], code=code),
            "code": code,
            "name": record["name"],
            "active": record["number"] != 2,
            "contact": {"email": record["email"]},
            "timeZone": ZONES[0],
            **stamps(record),
        }
