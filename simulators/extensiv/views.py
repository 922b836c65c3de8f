"""The vendor's lists as views on the business."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from simulators.business.spec import Record
from simulators.business.view import Key, TextStamp, View, by_id
from simulators.extensiv import catalogue, orders, receivers
from simulators.extensiv.shapes import MODIFIED, ZONE

_MODIFIED = TextStamp("readOnly.lastModifiedDate", MODIFIED, ZONE)


def _order_id(record: Record) -> Key:
    key: Key = record["readOnly"]["orderId"]
    return key


def _receiver_id(record: Record) -> Key:
    key: Key = record["readOnly"]["receiverId"]
    return key


def _customer_id(record: Record) -> Key:
    key: Key = record["readOnly"]["customerId"]
    return key


def _item_id(record: Record) -> Key:
    key: Key = record["itemId"]
    return key


def _facility_id(record: Record) -> Key:
    key: Key = record["facilityId"]
    return key


def _location_id(record: Record) -> Key:
    key: Key = record["locationId"]
    return key


def _name(record: Record) -> Key:
    key: Key = record["name"]
    return key


# `charged` is what orders and receivers show of their charges: no list of the vendor's, but what a test compares with.
VIEWS: Mapping[str, View] = MappingProxyType(
    {
        "stock": View(catalogue.stock, by_id),
        "items": View(catalogue.items, _item_id, _MODIFIED, catalogue.deactivated),
        "orders": View(orders.orders, _order_id, _MODIFIED),
        "receivers": View(receivers.receivers, _receiver_id, _MODIFIED, receivers.cancelled),
        "charged": View(receivers.charged, receivers.transaction, _MODIFIED),
        "customers": View(catalogue.customers, _customer_id),
        "facilities": View(catalogue.facilities, _facility_id),
        "locations": View(catalogue.places, _location_id),
        "carriers": View(catalogue.carriers, _name),
    }
)
