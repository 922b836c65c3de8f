"""Deposco's lists as views on the business."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from simulators.business.spec import Record
from simulators.business.view import Key, TextStamp, View
from simulators.deposco import catalogue, trade

STAMP = TextStamp("updatedDate")


def own_id(record: Record) -> Key:
    key: Key = record["self"]["id"]
    return key


def item_number(record: Record) -> Key:
    key: Key = record["itemNumber"]
    return key


VIEWS: Mapping[str, View] = MappingProxyType(
    {
        "stock": View(catalogue.stock, item_number),
        "items": View(catalogue.items, own_id, STAMP, catalogue.deactivated),
        "salesOrders": View(trade.orders, own_id, STAMP),
        "customerOrders": View(trade.customer_orders, own_id, STAMP),
        "outboundShipments": View(trade.shipments, own_id, STAMP),
        "purchaseOrders": View(trade.purchase_orders, own_id, STAMP),
        "customerReturns": View(trade.returns, own_id, STAMP),
        "tradingPartners": View(catalogue.partners, own_id, STAMP),
        "facilities": View(catalogue.facilities, own_id, STAMP),
        "locations": View(catalogue.locations, own_id, STAMP),
        "companies": View(catalogue.companies, own_id, STAMP),
        "transactions": View(trade.transactions, own_id, STAMP),
    }
)
