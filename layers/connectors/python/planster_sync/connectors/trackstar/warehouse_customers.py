"""GET /wms/warehouse-customers. The e-mail address is not read."""

from __future__ import annotations

from planster_sync.connectors.trackstar.shapes import stamps
from planster_sync.mapping.fields import Fields
from planster_sync.model.places import WarehouseCustomer


def warehouse_customer(source: Fields) -> WarehouseCustomer:
    return WarehouseCustomer(**stamps(source), name=source.text("name"))
