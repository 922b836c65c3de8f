"""`account.customers`: a 3PL's merchants. The username is the only name that they have, unless it is an e-mail."""

from __future__ import annotations

from planster_sync.connectors.shiphero.statuses import ACCOUNT_ACTIVE
from planster_sync.mapping.fields import Fields
from planster_sync.model.places import WarehouseCustomer


def warehouse_customer(source: Fields) -> WarehouseCustomer:
    username = source.text("username") or ""
    return WarehouseCustomer(
        id=source.required_id("id"),
        name=username if username and "@" not in username else None,
        code=source.identifier("legacy_id"),
        active=ACCOUNT_ACTIVE.get((source.text("status") or "").lower()),
    )
