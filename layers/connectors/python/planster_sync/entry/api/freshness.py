"""How often the numbers were there in the morning: of an organisation, and of one integration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from planster_sync.engine import nights
from planster_sync.entry.api.freshness_views import (
    FreshDataType,
    IntegrationFreshness,
    MissedNight,
    OrganisationFreshness,
    ShareView,
)
from planster_sync.entry.api.integrations import no_such_integration
from planster_sync.entry.api.paths import IntegrationId, OrganisationId
from planster_sync.entry.api.shop import ApiShop
from planster_sync.entry.api.words import WHOSE_MOVE, Move
from planster_sync.model.data_types import DataType
from planster_sync.model.freshness import TARGET, Night, Share, share
from planster_sync.model.integrations import Integration, IntegrationStatus

WEEK, MONTH = 7, 30


@dataclass(frozen=True, slots=True)
class _Kept:
    """An integration's nights of a month, and the local day of its last morning."""

    integration: Integration
    nights: Sequence[Night]
    last: date

    def of_last(self, count: int) -> list[Night]:
        first = (self.last - timedelta(days=count - 1)).isoformat()
        return [night for night in self.nights if first <= night.date <= self.last.isoformat()]


@dataclass(frozen=True, slots=True)
class FreshnessRoutes:
    shop: ApiShop

    def page(self, organisation: OrganisationId) -> OrganisationFreshness:
        """The share of nights whose data was there by six in the morning, local time, and what was missed."""
        kept = self._kept(organisation, self._connected(organisation))
        return OrganisationFreshness(**_shares(kept), integrations=[_view(each) for each in kept])

    def show(self, organisation: OrganisationId, integration: IntegrationId) -> IntegrationFreshness:
        """The same of one integration."""
        found = self.shop.integrations.get(organisation, integration)
        if found is None:
            raise no_such_integration()
        (kept,) = self._kept(organisation, [found])
        return _view(kept)

    def _connected(self, organisation: str) -> list[Integration]:
        page = self.shop.integrations.status_page(organisation)
        return [each for each, _ in page if each.status is not IntegrationStatus.DISCONNECTING]

    def _kept(self, organisation: str, integrations: Sequence[Integration]) -> list[_Kept]:
        now = self.shop.clock.now()
        first = now.date() - timedelta(days=MONTH + 1)  # in the zone that is furthest behind
        found = self.shop.nights.since(organisation, [each.id for each in integrations], first)
        return [
            _Kept(integration, kept, nights.last_morning(integration.schedule, now))
            for integration, kept in zip(integrations, found, strict=True)
        ]


def _view(kept: _Kept) -> IntegrationFreshness:
    integration = kept.integration
    return IntegrationFreshness(
        **_shares([kept]),
        integration=integration.id,
        name=integration.name,
        zone=integration.schedule.zone,
        missed=[each for night in reversed(kept.of_last(MONTH)) for each in _missed(night)],
    )


def _shares(kept: Sequence[_Kept]) -> dict[str, Any]:
    """The fields of `FreshnessView`."""
    week, month = (_of_all(kept, count) for count in (WEEK, MONTH))
    whole = share(month)
    return {
        "sentence": _sentence(whole),
        "last_7_nights": ShareView.of(share(week)),
        "last_30_nights": ShareView.of(whole),
        "data_types": [
            FreshDataType(
                data_type=data_type,
                last_7_nights=ShareView.of(share(week, data_type)),
                last_30_nights=ShareView.of(share(month, data_type)),
            )
            for data_type in DataType
            if share(month, data_type).counted
        ],
    }


def _of_all(kept: Iterable[_Kept], count: int) -> list[Night]:
    return [night for each in kept for night in each.of_last(count)]


def _sentence(month: Share) -> str:
    if month.value is None:
        return "No night has been judged yet."
    if month.fresh == month.counted:
        return f"All of the last {MONTH} nights' data was there by 06:00, local time."
    kept = "The promise was kept" if month.value >= TARGET else "That is less than was promised"
    percent = int(1000 * month.value) / 10  # never rounded up
    return f"{percent} % of the last {MONTH} nights' data was there by 06:00, local time. {kept} ({100 * TARGET} %)."


def _missed(night: Night) -> Iterator[MissedNight]:
    """One for each reason, in order of its most urgent data type."""
    for miss in dict.fromkeys(night.missed.values()):
        concerned = [data_type for data_type in DataType if night.missed.get(data_type) == miss]
        is_yours = any(data_type in night.blocked for data_type in concerned)
        move = Move.YOU if is_yours else WHOSE_MOVE.get(miss.code, Move.PLANSTER)
        yield MissedNight(night=night.date, code=miss.code, what=miss.what, whose_move=move, data_types=concerned)
