"""The vendor's lists as views on the business."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from simulators.business.view import View
from simulators.shipbob.catalogue import PRODUCTS
from simulators.shipbob.inflow import RECEIVING, RETURNS
from simulators.shipbob.places import CENTRES, CHANNELS, INVOICES, METHODS
from simulators.shipbob.stock import STOCK
from simulators.shipbob.trade import ORDERS

VIEWS: Mapping[str, View] = MappingProxyType(
    {
        "stock": STOCK,
        "products": PRODUCTS,
        "orders": ORDERS,
        "receiving": RECEIVING,
        "returns": RETURNS,
        "invoices": INVOICES,
        "centres": CENTRES,
        "channels": CHANNELS,
        "shipping_methods": METHODS,
    }
)
