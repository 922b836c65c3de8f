"""The change feed: everything that changed in Planster's copy, at least once, each record's changes in their order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import Field

from planster_sync.entry.api import cursors
from planster_sync.entry.api.filters import Wanted
from planster_sync.entry.api.paths import After, DataTypeName, IntegrationId, Limit, OrganisationId
from planster_sync.entry.api.records import serving
from planster_sync.entry.api.shop import ApiShop
from planster_sync.entry.api.views import AskedInstant, View
from planster_sync.entry.api.walks import Walk

INDEX_LAG = timedelta(seconds=60)
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)

Since = Annotated[
    AskedInstant | None, Query(description="Where the feed begins, without `after`; left out: with the oldest change.")
]


class ChangeList(View):
    """Changed records as they are now, tombstones included, the oldest change first."""

    records: list[dict[str, Any]]
    after: str = Field(description="Keep it, and send it with the next request, now or in a month.")
    caught_up: bool = Field(description="Nothing more has changed so far: come back later with `after`.")


@dataclass(frozen=True, slots=True)
class ChangeRoutes:
    """A change becomes visible a while after the time that it bears: its writer may be slow, and the index lags.

    So a feed that has caught up begins again where no earlier change can appear any more. A change younger than that
    is told several times and none is left out, whenever the reader comes back.
    """

    shop: ApiShop

    def list_all(
        self,
        organisation: OrganisationId,
        integration: IntegrationId,
        data_type: DataTypeName,
        limit: Limit = 50,
        after: After = None,
        since: Since = None,
    ) -> ChangeList:
        """What changed behind `after`: each change at least once, those of one record in their order."""
        serving(self.shop, organisation, integration, data_type)
        scope = ("changes", organisation, integration, data_type.value)
        place = self._place(cursors.opened(scope, after)) if after else self._begun(since or BEGINNING)
        walk = Walk(organisation, integration, Wanted(data_type), place.since)
        found = walk.page(self.shop.records, limit, place.position or None)
        following = place.at(found.position) if found.position is not None else self._begun(place.settled)
        return ChangeList(
            records=found.records, after=cursors.sealed(scope, following.text), caught_up=found.position is None
        )

    def _begun(self, since: datetime) -> _Place:
        """A pass from `since`; the next one begins where nothing can be added any more, seen from now."""
        settled = self.shop.clock.now() - timedelta(seconds=self.shop.timings.lease) - INDEX_LAG
        return _Place(since, max(since, settled), "")

    @staticmethod
    def _place(text: str) -> _Place:
        try:
            since, settled, position = text.split(" ", 2)
            return _Place(_moment(since), _moment(settled), position)
        except ValueError as error:
            raise cursors.foreign() from error


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a pass over the feed began, from where the next one must begin, and how far this one is."""

    since: datetime
    settled: datetime
    position: str

    def at(self, position: str) -> _Place:
        return _Place(self.since, self.settled, position)

    @property
    def text(self) -> str:
        return f"{self.since.isoformat()} {self.settled.isoformat()} {self.position}"


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment of the feed has a zone")
    return moment
