"""Deletions that wait for a person: what would go, and the decision about it.

A decision is about everything that one read holds: data types of one read are read, and deleted, together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Body
from pydantic import BaseModel, ConfigDict, Field

from planster_sync.entry.api.integrations import with_streams
from planster_sync.entry.api.paths import DataTypeName, IntegrationId, OrganisationId
from planster_sync.entry.api.shop import ApiShop
from planster_sync.entry.api.views import HeldView, Instant, View
from planster_sync.errors import Conflict
from planster_sync.model.data_types import DataType
from planster_sync.model.streams import REJECTION_HOLDS, HeldDeletion, Stream


class Decision(StrEnum):
    APPROVED = "approved"
    REJECTED = "rejected"


class DecisionRequest(BaseModel):
    """Names what was looked at, so that nobody decides about something else."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    run: str = Field(min_length=1, max_length=128, description="The `run` of the held deletion that was shown.")


class HeldDetail(HeldView):
    """A deletion that waits for a person."""

    data_type: DataType
    read: str
    share: float = Field(description="Of the live records of the data type, from 0 to 1.")
    decided_with: list[DataType] = Field(
        description="The data types of the same read, about which one decides at once."
    )
    approved_at: Instant | None = Field(description="Approved, and not carried out yet: the next sync does it.")
    sentence: str

    @classmethod
    def on(cls, stream: Stream, held: HeldDeletion) -> HeldDetail:
        return cls(
            **dict(HeldView.of(held)),
            data_type=held.data_type,
            read=stream.key.read,
            share=round(held.count / held.live, 4) if held.live else 1.0,
            decided_with=[each.data_type for each in stream.undecided],
            approved_at=stream.approved_at,
            sentence=f"{held.count} of {held.live} records are missing at the source. None was deleted.",
        )


class HeldList(View):
    """What is held at present, in order of priority."""

    held: list[HeldDetail]


class Decided(View):
    """What becomes of a decision."""

    decision: Decision
    read: str
    data_types: list[DataType]
    at: Instant
    message: str


_MESSAGES = {
    Decision.APPROVED: "The next sync deletes what is still missing at the source then; sync now to have it at once.",
    Decision.REJECTED: "The records stay. Those that are still missing at the source in "
    f"{REJECTION_HOLDS.days} days are asked about again.",
}


@dataclass(frozen=True, slots=True)
class HeldRoutes:
    shop: ApiShop

    def list_all(self, organisation: OrganisationId, integration: IntegrationId) -> HeldList:
        """Deletions that were not applied because they are implausibly large."""
        _, streams = with_streams(self.shop, organisation, integration)
        found = [HeldDetail.on(stream, held) for stream in streams for held in stream.undecided]
        order = list(DataType)
        return HeldList(held=sorted(found, key=lambda each: order.index(each.data_type)))

    def approve(
        self,
        organisation: OrganisationId,
        integration: IntegrationId,
        data_type: DataTypeName,
        ask: Annotated[DecisionRequest, Body()],
    ) -> Decided:
        """Lets the next sync delete what was held and is still missing then."""
        return self._decide(organisation, integration, data_type, ask.run, Decision.APPROVED)

    def reject(
        self,
        organisation: OrganisationId,
        integration: IntegrationId,
        data_type: DataTypeName,
        ask: Annotated[DecisionRequest, Body()],
    ) -> Decided:
        """Keeps the records that were held; an approval that was not carried out yet is taken back."""
        return self._decide(organisation, integration, data_type, ask.run, Decision.REJECTED)

    def _decide(
        self, organisation: str, integration: str, data_type: DataType, run: str, decision: Decision
    ) -> Decided:
        _, streams = with_streams(self.shop, organisation, integration)
        stream = _holding(streams, data_type, run)
        now = self.shop.clock.now()
        write = self.shop.streams.approve if decision is Decision.APPROVED else self.shop.streams.reject
        if not write(stream.key, last_run=stream.last_run or "", at=now):
            raise _changed()
        self.shop.journal.event("held_deletion_decided", stream=str(stream.key), run=run, state=decision.value)
        return Decided(
            decision=decision,
            read=stream.key.read,
            data_types=[held.data_type for held in stream.undecided],
            at=now,
            message=_MESSAGES[decision],
        )


def _holding(streams: Sequence[Stream], data_type: DataType, run: str) -> Stream:
    for stream in streams:
        held = next((each for each in stream.undecided if each.data_type is data_type), None)
        if held is not None:
            if held.run != run:
                raise _changed()
            return stream
    raise Conflict(f"No deletion of {data_type.value} is held.", remedy="Nothing to do: look at the list again.")


def _changed() -> Conflict:
    return Conflict("A sync has ended since; what is held may be something else.", remedy="Look at the list again.")
