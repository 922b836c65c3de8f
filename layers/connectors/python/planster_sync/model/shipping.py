"""Shipping methods."""

from __future__ import annotations

from typing import Annotated, ClassVar

from planster_sync.model.data_types import DataType
from planster_sync.model.record import Record, means


class ShippingMethod(Record, frozen=True, kw_only=True):
    """One way of sending a parcel that the warehouse offers."""

    data_type: ClassVar[DataType] = DataType.SHIPPING_METHODS

    name: Annotated[str | None, means("The method's name; or null.")] = None
    code: Annotated[str | None, means("The source's short code of the method; or null.")] = None
    carrier_id: Annotated[str | None, means("Id of the carrier; or null.")] = None
    carrier_name: Annotated[str | None, means("Name of the carrier; or null.")] = None
    scac: Annotated[str | None, means("Standard carrier alpha code; or null.")] = None
    active: Annotated[bool | None, means("Whether it is offered; null where not told.")] = None
