"""How often the promise of the morning was kept, as closed models."""

from __future__ import annotations

from pydantic import Field

from planster_sync.entry.api.views import View
from planster_sync.entry.api.words import Move
from planster_sync.model.data_types import DataType
from planster_sync.model.freshness import TARGET, Share


class ShareView(View):
    """Of so many nights."""

    fresh: int
    counted: int
    share: float | None = Field(description="Between 0 and 1; null where no night counts.")

    @classmethod
    def of(cls, share: Share) -> ShareView:
        return cls(fresh=share.fresh, counted=share.counted, share=share.value)


class FreshDataType(View):
    """One data type; paused nights, and those before it was usable, do not count."""

    data_type: DataType
    last_7_nights: ShareView
    last_30_nights: ShareView


class MissedNight(View):
    """What was not there by six on one morning, and why; the same reason is told once."""

    night: str = Field(description="The local day on whose morning it was missing.")
    code: str
    what: str = Field(description="Why, in words for a planner.")
    whose_move: Move
    data_types: list[DataType]


class FreshnessView(View):
    """Shares over the last nights, each data type's night counted once."""

    promised_by: str = Field(default="06:00", description="Local time in each integration's own zone.")
    target: float = Field(default=TARGET, description="The share of nights that shall be fresh.")
    sentence: str
    last_7_nights: ShareView
    last_30_nights: ShareView
    data_types: list[FreshDataType] = Field(description="Those of which a night counts.")


class IntegrationFreshness(FreshnessView):
    """An integration's nights."""

    integration: str
    name: str
    zone: str
    missed: list[MissedNight] = Field(description="Of the last 30 nights, the newest first.")


class OrganisationFreshness(FreshnessView):
    """All integrations' nights, and each one's."""

    integrations: list[IntegrationFreshness]
