"""GET /companies: the merchants in a 3PL's tenant, named by code as other records name them. Contacts are not read."""

from __future__ import annotations

from planster_sync.connectors.deposco.shapes import Terms, stamps
from planster_sync.mapping.fields import Fields
from planster_sync.model.places import WarehouseCustomer


def warehouse_customer(source: Fields, terms: Terms) -> WarehouseCustomer:
    code = source.required_id("code")
    return WarehouseCustomer(
        id=code, **stamps(source, terms), name=source.text("name"), code=code, active=source.flag("active")
    )
