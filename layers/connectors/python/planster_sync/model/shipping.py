"""Shipping methods."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from planster_sync.model.data_types import DataType
from planster_sync.model.record import Record


class ShippingMethod(Record):
    """One way of sending a parcel that the warehouse offers."""

    data_type: ClassVar[DataType] = DataType.SHIPPING_METHODS

    name: str | None = Field(default=None, description="The method's name; or null.")
    code: str | None = Field(default=None, description="The source's short code of the method; or null.")
    carrier_id: str | None = Field(default=None, description="Id of the carrier; or null.")
    carrier_name: str | None = Field(default=None, description="Name of the carrier; or null.")
    scac: str | None = Field(default=None, description="Standard carrier alpha code; or null.")
    active: bool | None = Field(default=None, description="Whether it is offered; null where not told.")
