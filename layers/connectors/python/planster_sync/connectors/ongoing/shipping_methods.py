"""GET /orders/wayOfDeliveryTypes and /transporterContracts, one record for each service of a transporter."""

from __future__ import annotations

from planster_sync.connectors.ongoing.shapes import transporter_id, way_of_delivery_id
from planster_sync.mapping.fields import Fields, invalid
from planster_sync.model.shipping import ShippingMethod


def shipping_method(source: Fields) -> ShippingMethod:
    if "transporterCode" in source.values or "transporterName" in source.values:
        return _of_transporter(source)
    code = source.text("code")
    return ShippingMethod(id=_required(source, "code", way_of_delivery_id(code)), name=source.text("name"), code=code)


def _of_transporter(source: Fields) -> ShippingMethod:
    transporter, service = source.text("transporterCode"), source.text("transporterServiceCode")
    name = source.text("transporterName")
    return ShippingMethod(
        id=_required(source, "transporterCode", transporter_id(transporter, service)),
        name=source.text("transporterServiceName") or name,
        code=service,
        carrier_id=transporter,
        carrier_name=name,
    )


def _required(source: Fields, name: str, found: str | None) -> str:
    """Codes may be empty: such a method cannot be named by an order, and goes to quarantine."""
    if found is None:
        raise invalid(source.path(name), "is missing")
    return found
