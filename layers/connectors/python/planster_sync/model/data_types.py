"""The thirteen data types, in the order in which a planner needs them fresh."""

from __future__ import annotations

from enum import StrEnum


class DataType(StrEnum):
    """Order matters: tasks are sent in this order, inventory and orders first."""

    INVENTORY_LEVELS = "inventory_levels"
    ORDERS = "orders"
    ORDER_SHIPMENTS = "order_shipments"
    PRODUCTS = "products"
    INBOUND_SHIPMENTS = "inbound_shipments"
    INBOUND_SHIPMENT_SUPPLIERS = "inbound_shipment_suppliers"
    RETURNS = "returns"
    BILLS = "bills"
    WAREHOUSES = "warehouses"
    ORDER_CHANNELS = "order_channels"
    SHIPPING_METHODS = "shipping_methods"
    WAREHOUSE_CUSTOMERS = "warehouse_customers"
    WAREHOUSE_LOCATIONS = "warehouse_locations"


PRIORITY: dict[DataType, int] = {data_type: rank for rank, data_type in enumerate(DataType)}
