"""The goods owner that every article names: a shared record. There is no list of goods owners."""

from __future__ import annotations

from planster_sync.mapping.fields import Fields
from planster_sync.model.places import WarehouseCustomer


def warehouse_customers(source: Fields) -> tuple[WarehouseCustomer, ...]:
    owner = source.identifier("goodsOwner.id")
    return (WarehouseCustomer(id=owner, name=source.text("goodsOwner.name")),) if owner else ()
