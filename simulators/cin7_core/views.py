"""This vendor's lists as views on the business. Stock is held by product; its list shows the rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

from simulators.business.business import Business
from simulators.business.spec import Record
from simulators.business.view import Key, TextStamp, Unstamped, View
from simulators.cin7_core.goods import products, stock
from simulators.cin7_core.people import carriers, locations, suppliers
from simulators.cin7_core.purchases import purchases
from simulators.cin7_core.sales import sales
from simulators.cin7_core.transfers import transfers

SPELLING = "%Y-%m-%dT%H:%M:%S.%fZ"
_MODIFIED = TextStamp("LastModifiedOn", SPELLING)
_PURCHASED = TextStamp("LastUpdatedDate", SPELLING)


def _own(record: Record) -> Key:
    key: Key = record["ID"]
    return key


def _carrier(record: Record) -> Key:
    key: Key = record["CarrierID"]
    return key


def _incoming(business: Business) -> Iterator[Record]:
    """Purchases and transfers: what comes in is one collection, as the readings need it."""
    yield from purchases(business)
    yield from transfers(business)


def _bought_or_moved(record: Record) -> Key:
    key: Key = record["ID"] if "ID" in record else record["TaskID"]
    return key


class _Incoming:
    """Purchases and transfers tell their modification under different names."""

    def write(self, record: Record, moment: datetime) -> None:
        self._of(record).write(record, moment)

    def read(self, record: Record) -> datetime | None:
        return self._of(record).read(record)

    def _of(self, record: Record) -> TextStamp:
        return _PURCHASED if "ID" in record else _MODIFIED


VIEWS: Mapping[str, View] = MappingProxyType(
    {
        "locations": View(locations, _own, Unstamped()),
        "products": View(products, _own, _MODIFIED),
        "stock": View(stock, _own, Unstamped()),
        "suppliers": View(suppliers, _own, _MODIFIED),
        "carriers": View(carriers, _carrier, Unstamped()),
        "sales": View(sales, _own, _MODIFIED),
        "purchases": View(_incoming, _bought_or_moved, _Incoming()),
    }
)
