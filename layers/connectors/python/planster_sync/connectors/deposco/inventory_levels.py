"""V1 stock: one record per item with its split over facilities. Both routes are read here; see the README's sums."""

from __future__ import annotations

from planster_sync.connectors.deposco.shapes import Terms, count
from planster_sync.mapping.fields import Fields, invalid
from planster_sync.model.inventory import InventoryLevel, WarehouseStock


def inventory_level(source: Fields, terms: Terms) -> InventoryLevel:
    item = source.required_id("itemNumber")
    return InventoryLevel(
        id=item,
        warehouse_customer_id=terms.business_unit,
        sku=item,
        on_hand=count(source, "totalOnHandQty"),
        committed=count(source, "openOrderLineQty"),
        fulfillable=count(source, "atpQty"),
        awaiting=count(source, "qtyOnPO"),
        warehouses=_split(source),
    )


def _split(source: Fields) -> tuple[WarehouseStock, ...]:
    found = [_measured(each) for each in _listed(source, "facilities")]
    found += [_counted(each) for each in _listed(source, "facilityInventory")]
    if len({each.warehouse_id for each in found}) < len(found):
        raise invalid(source.path("facilities"), "names the same facility twice")
    return tuple(sorted(found, key=lambda each: each.warehouse_id))


def _measured(facility: Fields) -> WarehouseStock:
    """/enterpriseinventory: a measure that is not set up for the tenant is left out, which is not 0."""
    return WarehouseStock(
        warehouse_id=facility.required_id("facility"),
        on_hand=count(facility, "totalOnHandQty"),
        committed=count(facility, "openOrderLineQty"),
        fulfillable=count(facility, "atpQty"),
        awaiting=count(facility, "qtyOnPO"),
    )


def _counted(facility: Fields) -> WarehouseStock:
    """/inventory/full: `unallocated` is total less allocated and not read; what is on order is not told."""
    return WarehouseStock(
        warehouse_id=facility.required_id("facility"),
        on_hand=count(facility, "inventory.total"),
        committed=count(facility, "inventory.allocated"),
        fulfillable=count(facility, "inventory.availableToPromise"),
    )


def _listed(source: Fields, name: str) -> tuple[Fields, ...]:
    """The objects of a list; V1 writes a list of one as the object itself."""
    return (source.child(name),) if isinstance(source.value(name), dict) else source.children(name)
