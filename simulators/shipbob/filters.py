"""The lists that can be filtered and sorted, each with the parameters that it knows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from simulators.business.spec import Record
from simulators.serving.account import Account
from simulators.serving.exchange import Answer
from simulators.serving.simulation import Call
from simulators.shipbob.pages import host_of, linked, numbered, tokened, turned
from simulators.shipbob.questions import Question, invalid, problem, question
from simulators.shipbob.trade import UPDATED
from simulators.shipbob.words import INVOICE_TYPES, RECEIVING_STATUSES, RETURN_STATUSES, moment_of

LARGEST = 250
Asked = Call[Account]
Serve = Callable[[Asked], Answer]

_OF_STOCK = frozenset({"SearchBy", "InventoryIds", "IsActive", "IsDigital", "SortBy", "PageSize", "Cursor"})


def shown(record: Record) -> Record:
    """A record without what only its own routes or nobody is told."""
    return {name: value for name, value in record.items() if not name.startswith("_")}


def rows_of(call: Asked, name: str) -> Sequence[Record]:
    return call.account.lists[name].records()


def stock(show: Callable[[Record], Record], more: frozenset[str] = frozenset()) -> Serve:
    """One of the four lists of items, all with the same filters; inactive ones are among them."""

    def serve(call: Asked) -> Answer:
        asked = question(call.request, _OF_STOCK | more)
        ids, active = asked.numbers("InventoryIds"), asked.flag("IsActive")
        rows = [
            show(record)
            for record in rows_of(call, "stock")
            if (ids is None or record["inventory_id"] in ids)
            and (active is None or record["item"]["variant"]["is_active"] is active)
        ]
        return linked(call.request, asked, rows, asked.number("PageSize", 50, LARGEST), host_of(call.request))

    return serve


_OF_PRODUCTS = frozenset(
    {
        "Search",
        "SKU",
        "Name",
        "ProductId",
        "VariantId",
        "InventoryId",
        "VariantStatus",
        "PageSize",
        "SortBy",
        "SortOrder",
        "Cursor",
    }
)


def products(call: Asked) -> Answer:
    """Newest first, unless somebody sorts."""
    asked = question(call.request, _OF_PRODUCTS)
    variant, product, sku = asked.numbers("VariantId"), asked.numbers("ProductId"), asked.text("SKU")
    rows = [
        record
        for record in rows_of(call, "products")
        if (variant is None or variant & {each["id"] for each in record["variants"]})
        and (product is None or record["id"] in product)
        and (sku is None or sku in {each["sku"] for each in record["variants"]})
    ]
    if asked.text("SortBy") not in {None, "Id", "Name", "Category", "TotalOnHandQty"}:
        raise invalid("SortBy", "The value is not valid.")
    is_rising = asked.text("SortBy") == "Id" and asked.text("SortOrder") != "DESC"
    return linked(call.request, asked, rows if is_rising else rows[::-1], asked.number("PageSize", 50, LARGEST))


_OF_ORDERS = frozenset(
    {
        *(
            "Page",
            "Limit",
            "IDs",
            "ReferenceIds",
            "StartDate",
            "EndDate",
            "SortOrder",
            "HasTracking",
            "IsTrackingUploaded",
        ),
        *("LastUpdateStartDate", "LastUpdateEndDate", "LastTrackingUpdateStartDate", "LastTrackingUpdateEndDate"),
    }
)


def orders(call: Asked) -> Answer:
    asked = question(call.request, _OF_ORDERS)
    ids, channel = asked.numbers("IDs"), _channel(call)
    rows = [
        shown(record)
        for record in rows_of(call, "orders")
        if (ids is None or record["id"] in ids)
        and (channel is None or (record["channel"] or {}).get("id") == channel)
        and asked.lies_within(moment_of(record["created_date"]), "StartDate", "EndDate")
        and asked.lies_within(moment_of(record[UPDATED]), "LastUpdateStartDate", "LastUpdateEndDate")
        and asked.lies_within(_tracked(record), "LastTrackingUpdateStartDate", "LastTrackingUpdateEndDate")
    ]
    rows.sort(key=lambda record: (record["created_date"], record["id"]))
    order = asked.text("SortOrder")
    if order not in {None, "Newest", "Oldest"}:
        raise invalid("SortOrder", "The value is not valid.")
    return numbered(call.request, asked, rows if order == "Oldest" else rows[::-1], LARGEST)


def _tracked(order: Record) -> datetime | None:
    told = (moment_of(shipment["last_tracking_update_at"]) for shipment in order["shipments"])
    return max((each for each in told if each is not None), default=None)


def _channel(call: Asked) -> int | None:
    told = call.request.headers.get("shipbob_channel_id")
    if told is None:
        return None
    if not told.isdecimal():
        raise invalid("shipbob_channel_id", "The value is not valid.")
    return int(told)


_OF_RECEIVING = frozenset(
    {
        *("Page", "Limit", "IDs", "Statuses", "InsertStartDate", "InsertEndDate", "FulfillmentCenterIds"),
        *("PurchaseOrderNumbers", "ExternalSync", "CompletedStartDate", "CompletedEndDate"),
    }
)


def receiving(call: Asked) -> Answer:
    asked = question(call.request, _OF_RECEIVING)
    ids, statuses = asked.numbers("IDs"), asked.words("Statuses", RECEIVING_STATUSES)
    numbers = asked.text("PurchaseOrderNumbers")
    wanted = None if numbers is None else set(numbers.split(","))
    rows = [
        shown(record)
        for record in rows_of(call, "receiving")
        if (ids is None or record["id"] in ids)
        and (statuses is None or record["status"] in statuses)
        and (wanted is None or record["purchase_order_number"] in wanted)
        and asked.lies_within(moment_of(record["insert_date"]), "InsertStartDate", "InsertEndDate")
        and asked.lies_within(_completed(record), "CompletedStartDate", "CompletedEndDate")
    ]
    return numbered(call.request, asked, rows[::-1], LARGEST)


def _completed(order: Record) -> datetime | None:
    done = [each["timestamp"] for each in order["status_history"] if each["status"] == "Completed"]
    return moment_of(done[-1]) if done else None


_OF_RETURNS = frozenset(
    {
        *("Ids", "ReferenceIds", "Status", "FulfillmentCenterIds", "StartDate", "EndDate", "Sortby", "SortOrder"),
        *("CompletedStartDate", "CompletedEndDate", "ReturnTypes", "ReturnActions", "StoreOrderIds", "Cursor", "Limit"),
    }
)


def returns(call: Asked) -> Answer:
    asked = question(call.request, _OF_RETURNS)
    ids, statuses, channel = asked.numbers("Ids"), asked.words("Status", RETURN_STATUSES), _channel(call)
    rows = [
        record
        for record in rows_of(call, "returns")
        if (ids is None or record["id"] in ids)
        and (statuses is None or record["status"].replace(" ", "") in statuses)
        and (channel is None or record["channel"]["id"] == channel)
        and asked.lies_within(moment_of(record["insert_date"]), "StartDate", "EndDate")
        and asked.lies_within(moment_of(record["completed_date"]), "CompletedStartDate", "CompletedEndDate")
    ]
    if asked.text("SortOrder") not in {None, "Asc", "Desc"}:
        raise invalid("SortOrder", "The value is not valid.")
    rows.sort(key=lambda record: (record["insert_date"], record["id"]), reverse=asked.text("SortOrder") != "Asc")
    return turned(call.request, asked, rows, host_of(call.request))


_OF_INVOICES = frozenset({"Cursor", "FromDate", "ToDate", "InvoiceTypes", "PageSize", "SortOrder"})


def invoices(call: Asked) -> Answer:
    """The last month, unless dates are given; payments are among them, unless types are."""
    asked = question(call.request, _OF_INVOICES)
    types = set(asked.texts("InvoiceTypes"))
    if not types <= set(INVOICE_TYPES):
        raise invalid("InvoiceTypes", "The value is not valid.")
    first, last = _days(asked, call.now)
    rows = [
        shown(record)
        for record in rows_of(call, "invoices")
        if first <= record["invoice_date"] <= last and (not types or record["invoice_type"] in types)
    ]
    rows.sort(
        key=lambda record: (record["invoice_date"], record["invoice_id"]),
        reverse=asked.text("SortOrder") != "Ascending",
    )
    return tokened(asked, rows, asked.number("PageSize", 100, 1000))


def _days(asked: Question, now: datetime) -> tuple[str, str]:
    month_ago = f"{now.year - (now.month == 1)}-{(now.month - 2) % 12 + 1:02d}-{min(now.day, 28):02d}"
    first = (asked.text("FromDate") or month_ago)[:10]
    last = (asked.text("ToDate") or now.date().isoformat())[:10]
    if first > last:
        raise problem(422, "Unprocessable Entity", "FromDate must not be after ToDate.")
    return first, last
