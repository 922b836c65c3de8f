"""The lists and documents that can be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from simulators.business.spec import Record
from simulators.cin7_core.answers import Listed, problem
from simulators.cin7_core.asking import Test, after, asked, before, begins, chosen, equals, is_true, paging
from simulators.cin7_core.names import shown
from simulators.cin7_core.purchases import SIMPLE
from simulators.serving.account import Account
from simulators.serving.exchange import Answer, told
from simulators.serving.simulation import Call

BOM_MOST = 500
"""With bills of materials a page holds no more, whatever was asked for."""

_PRODUCT_TESTS: Mapping[str, Test] = MappingProxyType(
    {"id": equals("ID"), "name": begins("Name"), "sku": begins("SKU"), "modifiedsince": after("LastModifiedOn")}
)
_SUPPLIER_TESTS = MappingProxyType(
    {"id": equals("ID"), "name": begins("Name"), "modifiedsince": after("LastModifiedOn")}
)
_STOCK_TESTS = MappingProxyType(
    {
        "id": equals("ID"),
        "name": begins("Name"),
        "sku": begins("SKU"),
        "location": equals("Location"),
        "batch": equals("Batch"),
    }
)
_SALE_TESTS = MappingProxyType(
    {
        "createdsince": after("_created"),
        "updatedsince": after("Updated"),
        "updateduntil": before("Updated"),
        "status": equals("Status"),
        "orderstatus": equals("OrderStatus"),
        "combinedpickstatus": equals("CombinedPickingStatus"),
        "combinedpackstatus": equals("CombinedPackingStatus"),
        "combinedshippingstatus": equals("CombinedShippingStatus"),
        "externalid": equals("ExternalID"),
    }
)
_PURCHASE_TESTS = MappingProxyType(
    {
        "updatedsince": after("LastUpdatedDate"),
        "updateduntil": before("LastUpdatedDate"),
        "status": equals("Status"),
        "orderstatus": equals("OrderStatus"),
        "invoicestatus": equals("InvoiceStatus"),
    }
)
_SAME = ("OrderNumber", "BaseCurrency", "Status", "Type", "CombinedInvoiceStatus", "CombinedPaymentStatus")
_OF_SALE = (
    *("Customer", "CustomerID", "CustomerReference", "CustomerCurrency", "ShipBy", "FulFilmentStatus", "SourceChannel"),
    *("CombinedPickingStatus", "CombinedPackingStatus", "CombinedShippingStatus", "ExternalID", "_created"),
)
_OF_PURCHASE = (
    *("ID", "BlindReceipt", "OrderDate", "Supplier", "SupplierID", "RequiredBy", "SupplierCurrency", "IsServiceOnly"),
    *("LastUpdatedDate", "CombinedReceivingStatus"),
)


def company(call: Call[Account]) -> Answer:
    zone = call.account.spec.settings.get("zone", "Europe/Berlin")
    return told({"Company": "Sim Ltd", "Currency": "EUR", "TimeZone": zone, "DefaultWeightUnits": "kg"})


def products(call: Call[Account]) -> Answer:
    given = asked(call.request)
    rows = [*call.account.lists["products"].records()]
    if not is_true(given, "includedeprecated"):
        rows = [row for row in rows if row["Status"] != "Deprecated"]
    left_out = {
        *(() if is_true(given, "includebom") else ("BillOfMaterialsProducts",)),
        *(() if is_true(given, "includesuppliers") else ("Suppliers",)),
    }
    page, limit = paging(given, BOM_MOST if is_true(given, "includebom") else 1000)
    found = sorted(chosen(rows, given, _PRODUCT_TESTS), key=lambda row: str(row["SKU"]))
    return Listed("Products", [_emptied(row, left_out) for row in found], page, limit).answer()


def _emptied(row: Record, names: set[str]) -> Record:
    return {**row, **{name: [] for name in names}}


def suppliers(call: Call[Account]) -> Answer:
    given = asked(call.request)
    rows = [*call.account.lists["suppliers"].records()]
    if not is_true(given, "includedeprecated"):
        rows = [row for row in rows if row["Status"] != "Deprecated"]
    return _listed("SupplierList", chosen(rows, given, _SUPPLIER_TESTS), given)


def locations(call: Call[Account]) -> Answer:
    given = asked(call.request)
    retired = is_true(given, "deprecated")
    rows = [row for row in call.account.lists["locations"].records() if row["IsDeprecated"] is retired]
    return _listed("LocationList", chosen(rows, given, {"id": equals("ID"), "name": begins("Name")}), given)


def carriers(call: Call[Account]) -> Answer:
    given = asked(call.request)
    tests = {"carrierid": equals("CarrierID"), "description": begins("Description")}
    return _listed("CarrierList", chosen(call.account.lists["carriers"].records(), given, tests), given)


def availability(call: Call[Account]) -> Answer:
    given = asked(call.request)
    rows = [row for product in call.account.lists["stock"].records() for row in product["Rows"]]
    return _listed("ProductAvailabilityList", chosen(rows, given, _STOCK_TESTS), given)


def sales(call: Call[Account]) -> Answer:
    """A credit note that stands alone is not a sale."""
    given = asked(call.request)
    rows = [_sale_row(each) for each in call.account.lists["sales"].records() if each["Type"] != "Credit Note"]
    return _listed("SaleList", chosen(rows, given, _SALE_TESTS), given)


def credit_notes(call: Call[Account]) -> Answer:
    given = asked(call.request)
    rows = [
        {**_sale_row(each), "CreditNoteNumber": note["CreditNoteNumber"], "CreditNoteStatus": note["Status"]}
        for each in call.account.lists["sales"].records()
        for note in each["CreditNotes"]
        if note["Status"] != "NOT AVAILABLE"
    ]
    return _listed("SaleList", chosen(rows, given, _SALE_TESTS), given)


def purchases(call: Call[Account]) -> Answer:
    given = asked(call.request)
    held = [_purchase_row(each) for each in call.account.lists["purchases"].records() if "ID" in each]
    rows = sorted(held, key=lambda row: str(row["OrderNumber"]))
    return _listed("PurchaseList", chosen(rows, given, _PURCHASE_TESTS), given)


def transfers(call: Call[Account]) -> Answer:
    """There is no filter by change; a row has everything but the lines."""
    given = asked(call.request)
    rows = [row for row in call.account.lists["purchases"].records() if "ID" not in row]
    bare = [{name: value for name, value in row.items() if name != "Lines"} for row in rows]
    return _listed("StockTransferList", chosen(bare, given, {"status": equals("Status")}), given)


def transfer(call: Call[Account]) -> Answer:
    return told(_document(call, "purchases", "Stock transfer", "taskid"))


def sale(call: Call[Account]) -> Answer:
    return told(_document(call, "sales", "Sale"))


def simple_purchase(call: Call[Account]) -> Answer:
    """The old address: parts are objects, and advanced purchases are refused."""
    found = _document(call, "purchases", "Purchase")
    if found["Type"] != SIMPLE:
        raise problem(400, "This endpoint is deprecated and does not support Advanced Purchase")
    whole = {name: value for name, value in found.items() if name != "PutAway"}
    parts = {name: (found[name] or [None])[0] for name in ("StockReceived", "Invoice")}
    return told({**whole, **parts})


def purchase(call: Call[Account]) -> Answer:
    """Said to read every kind; of a simple purchase an empty shell comes, as customers have measured."""
    found = _document(call, "purchases", "Purchase")
    if found["Type"] == SIMPLE:
        shell = dict.fromkeys(("OrderNumber", "Status", "Supplier", "SupplierID", "Order"))
        return told({"ID": found["ID"], **shell, "StockReceived": [], "PutAway": [], "Invoice": []})
    return told(found)


def _document(call: Call[Account], collection: str, name: str, identity: str = "id") -> Record:
    own = asked(call.request).get(identity, "")
    found = call.account.lists[collection].get(own.lower())
    if found is None or (identity == "id") is not ("ID" in found):
        raise problem(400, f"{name} with ID {own} was not found", code=404)
    return shown(found)


def _listed(key: str, rows: Iterable[Record], given: Mapping[str, str]) -> Answer:
    page, limit = paging(given)
    return Listed(key, [shown(row) for row in rows], page, limit).answer()


def _sale_row(held: Record) -> Record:
    told_alike = {name: held.get(name) for name in (*_SAME, *_OF_SALE)}
    order = held["Order"]
    return {
        "SaleID": held["ID"],
        **told_alike,
        "OrderNumber": order["SaleOrderNumber"],
        "OrderDate": held["SaleOrderDate"],
        "InvoiceAmount": order["Total"],
        "OrderStatus": order["Status"],
        "CreditNoteNumber": "",
        "CreditNoteStatus": "NOT AVAILABLE",
        "Updated": held["LastModifiedOn"],
    }


def _purchase_row(held: Record) -> Record:
    told_alike = {name: held.get(name) for name in (*_SAME, *_OF_PURCHASE)}
    tasks = held["StockReceived"]
    return {
        **told_alike,
        "OrderStatus": held["Order"]["Status"],
        "StockReceivedStatus": tasks[0]["Status"] if tasks else "NOT AVAILABLE",
        "InvoiceStatus": held["Invoice"][0]["Status"] if held["Invoice"] else "NOT AVAILABLE",
        "DropShipTaskID": held["RelatedDropShipSaleTask"],
    }
