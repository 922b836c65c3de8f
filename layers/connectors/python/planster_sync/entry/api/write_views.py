"""What the API answers about write-backs."""

from __future__ import annotations

from pydantic import Field

from planster_sync.engine.write_requests import Effect, Tried
from planster_sync.entry.api.views import Instant, ProblemView, View
from planster_sync.ports.source import WriteOperation
from planster_sync.ports.write_backs import WriteBack, WriteState

_SENTENCES = {
    WriteState.REQUESTED: "It has been asked for; nothing was sent to the warehouse system yet.",
    WriteState.SENDING: "It is being sent to the warehouse system.",
    WriteState.UNKNOWN: "It was sent, and the answer was lost; we look in the warehouse system before we go on.",
    WriteState.FAILED: "It was not done.",
}
_DONE = {
    WriteOperation.CREATE_INBOUND_SHIPMENT: "It was created; it is among the records after the next sync.",
    WriteOperation.UPDATE_INBOUND_SHIPMENT: "It was changed; the records show it after the next sync.",
}


class WriteView(View):
    """One request to create or change an inbound shipment, and what became of it."""

    reference: str
    operation: WriteOperation
    state: WriteState
    sentence: str = Field(description="The state in words, for a planner.")
    shipment_id: str | None = Field(description="The shipment's record id; of a creation, once it is known.")
    requested_by: str | None
    requested_at: Instant
    ended_at: Instant | None
    attempt: int = Field(description="How often a worker took it.")
    next_try_at: Instant | None
    in_doubt: bool = Field(description="Failed without anybody knowing whether the warehouse system acted.")
    not_kept: list[str] = Field(description="Fields that were sent and are missing in the warehouse system's answer.")
    problem: ProblemView | None = Field(description="Why it failed, or waits.")

    @classmethod
    def of(cls, write: WriteBack) -> WriteView:
        return cls(
            reference=write.reference,
            operation=write.operation,
            state=write.state,
            sentence=_sentence(write),
            shipment_id=write.shipment_id,
            requested_by=write.requested_by,
            requested_at=write.requested_at,
            ended_at=write.ended_at,
            attempt=write.attempt,
            next_try_at=write.wait_until,
            in_doubt=write.in_doubt,
            not_kept=list(write.not_kept),
            problem=ProblemView.of(write.problem) if write.problem else None,
        )


_TRIALS = {
    Effect.NEW: "Nothing is missing; nothing was sent yet.",
    Effect.ANEW: "Nothing is missing. It failed under this reference before, and can be sent again.",
    Effect.JOINED: "The same was sent under this reference before; sending it again does nothing.",
}


class TrialView(View):
    """What a dry run found out. What only the warehouse system knows, such as SKUs, it says when it is sent."""

    reference: str
    operation: WriteOperation
    effect: Effect = Field(description="What sending it would do.")
    sentence: str
    present: WriteView | None = Field(description="What the reference stands for already.")

    @classmethod
    def of(cls, reference: str, operation: WriteOperation, tried: Tried) -> TrialView:
        return cls(
            reference=reference,
            operation=operation,
            effect=tried.effect,
            sentence=_TRIALS[tried.effect],
            present=WriteView.of(tried.present) if tried.present else None,
        )


def _sentence(write: WriteBack) -> str:
    if write.state is WriteState.FAILED and write.problem is not None:
        return write.problem.what
    if write.state is not WriteState.SUCCEEDED:
        why = f" {write.problem.what}" if write.problem else ""
        return f"{_SENTENCES[write.state]}{why}"
    missing = f" The warehouse system did not keep: {', '.join(write.not_kept)}." if write.not_kept else ""
    return f"{_DONE[write.operation]}{missing}"
