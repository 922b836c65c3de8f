"""This vendor's lists as views on the business. Stock is held by product; its list shows the rows."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from simulators.business.spec import Record
from simulators.business.view import Key, TextStamp, Unstamped, View
from simulators.cin7_core.goods import products, stock
from simulators.cin7_core.people import carriers, locations, suppliers
from simulators.cin7_core.purchases import purchases
from simulators.cin7_core.sales import sales

SPELLING = "%Y-%m-%dT%H:%M:%S.%fZ"
_MODIFIED = TextStamp("LastModifiedOn", SPELLING)


def _own(record: Record) -> Key:
    key: Key = record["ID"]
    return key


def _carrier(record: Record) -> Key:
    key: Key = record["CarrierID"]
    return key


VIEWS: Mapping[str, View] = MappingProxyType(
    {
        "locations": View(locations, _own, Unstamped()),
        "products": View(products, _own, _MODIFIED),
        "stock": View(stock, _own, Unstamped()),
        "suppliers": View(suppliers, _own, _MODIFIED),
        "carriers": View(carriers, _carrier, Unstamped()),
        "sales": View(sales, _own, _MODIFIED),
        "purchases": View(purchases, _own, TextStamp("LastUpdatedDate", SPELLING)),
    }
)
