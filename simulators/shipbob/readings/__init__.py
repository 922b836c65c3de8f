"""What the product must have stored for each record of the simulated vendor, read from that record alone.

An independent second reading: it shares nothing with the connector, so that the same mistake is not made twice. A field
that is not named here is not judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Any

from local_cloud.agreement import Readings, Source
from simulators.shipbob.readings import goods, places, trade

_PERSONAL = ("name", "full_name", "email", "phone_number", "address1", "address2", "company_name")


def _people(source: Source) -> Iterator[Any]:
    """The texts about people in a record, wherever they stand."""
    for person in (source.get("recipient"), *(each.get("recipient") for each in source.get("shipments") or ())):
        told = person or {}
        yield from (told.get(name) for name in _PERSONAL)
        yield from ((told.get("address") or {}).get(name) for name in _PERSONAL)
    yield from (source.get("customer_name"), source.get("gift_message"))


def _personal_texts(source: Source) -> frozenset[str]:
    return frozenset(text for text in _people(source) if isinstance(text, str) and len(text) > 3)


_IDS = {"stock": "inventory_id", "invoices": "invoice_id"}

READINGS = Readings(
    of=MappingProxyType(
        {
            "inventory_levels": ("stock", goods.inventory_level),
            "products": ("products", goods.products),
            "orders": ("orders", trade.order),
            "order_shipments": ("orders", trade.order_shipments),
            "inbound_shipments": ("receiving", trade.inbound_shipment),
            "returns": ("returns", trade.returned),
            "bills": ("invoices", places.bill),
            "warehouses": ("centres", places.warehouse),
            "order_channels": ("channels", places.order_channel),
            "shipping_methods": ("shipping_methods", places.shipping_method),
        }
    ),
    source_id=lambda collection, source: str(source[_IDS.get(collection, "id")]),
    personal_texts=_personal_texts,
)
