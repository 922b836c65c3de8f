"""What several of Ongoing's records have in common, and the account's own terms under which they are read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from planster_sync.connectors.ongoing import statuses
from planster_sync.connectors.ongoing.statuses import Stages
from planster_sync.mapping.fields import Fields
from planster_sync.mapping.instants import instant
from planster_sync.mapping.measures import MeasureNames, measurements
from planster_sync.model.inbound import InboundStatus
from planster_sync.model.orders import OrderStatus
from planster_sync.model.vocabulary import Place

if TYPE_CHECKING:
    from planster_sync.connectors.ongoing.capabilities import OngoingSettings

UNITS = ("m", "kg")
"""The API names no units; metres and kilograms are the vendor's convention (assumption)."""

STRUCTURE, PRODUCTION = "Structure", "Production"
"""`articleKind`: a kit that is picked together, and one that is made ahead and stored."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The settings that mappings depend on."""

    zone: ZoneInfo
    currency: str | None
    orders: Stages[OrderStatus]
    inbound: Stages[InboundStatus]

    def moment(self, source: Fields, name: str) -> str | None:
        """A time; UTC where it says so, in the account's zone where it names none. A bare day begins at midnight."""
        return instant(source, name, self.zone)


def terms_of(settings: OngoingSettings) -> Terms:
    """The settings as mappers use them.

    Raises:
        SettingsInvalid: a status override names a word that does not exist.
    """
    return Terms(
        zone=ZoneInfo(settings.zone),
        currency=settings.currency,
        orders=Stages(statuses.ORDER, settings.order_statuses, "order_statuses"),
        inbound=Stages(statuses.INBOUND, settings.inbound_statuses, "inbound_statuses"),
    )


def place(address: Fields) -> Place | None:
    """Region, postal code and country of an address; nothing else of it is read."""
    region, postal_code = address.text("countryStateCode"), address.text("postCode")
    country = address.text("countryCode")
    return Place(region=region, postal_code=postal_code, country=country) if region or postal_code or country else None


measured = partial(measurements, names=MeasureNames(), units=UNITS)
"""Size and weight of an article."""


def is_active(article: Fields) -> bool | None:
    """False for a deactivated or an obsolete article; null where the source does not say."""
    return False if article.flag("storageProperties.isObsolete") else article.flag("isActive")


def kind_of(article: Fields) -> str | None:
    """`Structure` or `Production` for a kit, as the article or its definition says; null for a plain article."""
    kind = article.text("articleKind") or article.text("structureDefinition.articleKind")
    if kind is None:
        return STRUCTURE if article.children("structureDefinition.rows") else None
    return kind if kind in (STRUCTURE, PRODUCTION) else None


def supplier_id(supplier: Fields) -> str | None:
    """The supplier's number; where it has none, `name:` and its name in small letters."""
    number, name = supplier.text("supplierNumber"), supplier.text("supplierName")
    return number or (f"name:{' '.join(name.casefold().split())}" if name and name.strip() else None)


def way_of_delivery_id(code: str | None) -> str | None:
    """The shipping method of a way of delivery."""
    return f"wod:{code}" if code else None


def transporter_id(code: str | None, service: str | None) -> str | None:
    """The shipping method of a transporter's service."""
    return f"tr:{code or ''}/{service or ''}" if code or service else None
