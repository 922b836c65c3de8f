"""GET /customers: the merchants that the key sees. Of `companyInfo` and `primaryContact` only the company is read."""

from __future__ import annotations

from planster_sync.connectors.extensiv.shapes import Terms
from planster_sync.mapping.fields import Fields
from planster_sync.model.places import WarehouseCustomer


def warehouse_customer(source: Fields, terms: Terms) -> WarehouseCustomer:
    deactivated = source.flag("readOnly.deactivated")
    return WarehouseCustomer(
        id=source.required_id("readOnly.customerId"),
        created_at=terms.at(source, "readOnly.creationDate"),
        name=source.text("companyInfo.companyName"),
        code=source.identifier("externalId"),
        active=None if deactivated is None else not deactivated,
    )
