"""GET /properties/carriers: a carrier, as the way for orders that name no service, and each of its services.

Carriers have no ids: their name, and a service's code behind a slash, are the key. Orders name both in free text that
should match (assumption).
"""

from __future__ import annotations

from planster_sync.mapping.fields import Fields, invalid
from planster_sync.model.shipping import ShippingMethod


def method_key(carrier: str, *service: str) -> str:
    """`UPS`, or `UPS/03`; slashes inside of a name are escaped."""
    return "/".join(part.replace("%", "%25").replace("/", "%2F") for part in (carrier, *service))


def shipping_methods(source: Fields) -> tuple[ShippingMethod, ...]:
    """The carrier first, then its services, in its order.

    Raises:
        RecordInvalid: two services have the same code.
    """
    services = tuple([_method(source, each, each.required_id("code")) for each in source.children("shipmentServices")])
    if len({each.id for each in services}) < len(services):
        raise invalid(source.path("shipmentServices"), "holds the same code twice")
    return (_method(source, source), *services)


def _method(carrier: Fields, source: Fields, *service: str) -> ShippingMethod:
    name = carrier.required_id("name")
    deactivated = source.flag("deactivated")
    return ShippingMethod(
        id=method_key(name, *service),
        name=source.text("description") or source.text("displayName") or name,
        code=service[0] if service else carrier.text("carrierCode"),
        carrier_id=method_key(name),
        carrier_name=carrier.text("displayName") or name,
        scac=carrier.text("scacCode"),
        active=None if deactivated is None else not deactivated,
    )
