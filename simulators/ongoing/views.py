"""The vendor's lists as views on the business. `_changed` is when the vendor last changed a record; it is not shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from simulators.business.spec import Record
from simulators.business.view import Key, TextStamp, View, by_id
from simulators.ongoing import articles, places, receiving, trade

_CHANGED = TextStamp("_changed")


def _in(*path: str) -> Callable[[Record], Key]:
    def key(record: Record) -> Key:
        value = record
        for step in path:
            value = value[step]
        found: Key = value  # type: ignore[assignment]
        return found

    return key


VIEWS: Mapping[str, View] = {
    "articles": View(articles.every_article, _in("articleSystemId"), _CHANGED),
    "orders": View(trade.orders, _in("orderInfo", "orderId"), _CHANGED),
    "purchase_orders": View(receiving.purchase_orders, _in("purchaseOrderInfo", "purchaseOrderId"), _CHANGED),
    "return_orders": View(receiving.return_orders, _in("returnOrderInfo", "returnOrderId"), _CHANGED),
    "warehouses": View(places.warehouses, by_id),
    "locations": View(places.locations, by_id),
    "shipping_methods": View(places.shipping_methods, _in("_key")),
}
