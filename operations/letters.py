"""Whether a dead letter may be sent again: the same fences that a worker would meet, asked before it is woken.

Dropping loses nothing that is open: the rows are what runs, write-backs and deliveries live by, and the sweep sends a
message for whatever is still to be done.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from operations.desk import Desk
from planster_sync.aws.messages import Message, parse_message
from planster_sync.errors import InvalidRequest
from planster_sync.model.integrations import Integration, IntegrationStatus
from planster_sync.model.runs import ERASURE, EXPORT, Run, TaskMessage
from planster_sync.model.streams import Stream
from planster_sync.model.webhooks import DeliveryMessage
from planster_sync.ports.write_backs import WriteMessage


class Fate(StrEnum):
    """KEEP: it stays in the dead-letter queue, for somebody to look at."""

    SEND = "send"
    DROP = "drop"
    KEEP = "keep"


_AT_REST = {
    IntegrationStatus.DISCONNECTING: "the integration is being disconnected",
    IntegrationStatus.PAUSED: "the integration is paused",
}


@dataclass(frozen=True, slots=True)
class Judgement:
    fate: Fate
    why: str


def understood(body: str) -> Message | None:
    """The message, None where it is nobody's."""
    try:
        return parse_message(body)
    except InvalidRequest:
        return None


def named(message: Message | None) -> str:
    """What a message is about."""
    if isinstance(message, TaskMessage):
        return f"{message.organisation}/{message.integration}/{message.read} run {message.run} part {message.segment}"
    if isinstance(message, WriteMessage):
        return f"{message.organisation}/{message.integration} write-back {message.reference}"
    if isinstance(message, DeliveryMessage):
        return f"{message.organisation} delivery {message.delivery}"
    return "unreadable" if message is None else f"{message.organisation} look for webhooks"


def judged(message: Message | None, desk: Desk) -> Judgement:
    if message is None:
        return Judgement(Fate.KEEP, "it is no message of this version; mend its sender, then remove it by hand")
    if isinstance(message, TaskMessage):
        return _task(message, desk)
    if isinstance(message, WriteMessage):
        return _write(message, desk)
    if isinstance(message, DeliveryMessage):
        return _delivery(message, desk)
    return Judgement(Fate.DROP, "the next tick asks for a look itself")


def _task(message: TaskMessage, desk: Desk) -> Judgement:
    integration = desk.integrations.get(message.organisation, message.integration)
    if integration is None:
        return Judgement(Fate.DROP, "the integration is gone")
    if message.run == ERASURE:
        return _erasure(integration)
    if integration.status in _AT_REST:
        return Judgement(Fate.DROP, _AT_REST[integration.status])
    if message.run == EXPORT:
        return Judgement(Fate.SEND, "an export that somebody waits for")
    why = _no_longer(message, desk)
    return Judgement(Fate.DROP, why) if why else Judgement(Fate.SEND, "its task waits")


def _erasure(integration: Integration) -> Judgement:
    if integration.status is IntegrationStatus.DISCONNECTING:
        return Judgement(Fate.SEND, "its data is still to be erased")
    return Judgement(Fate.DROP, "the integration was connected again")


def _no_longer(message: TaskMessage, desk: Desk) -> str | None:
    """Why a task is not worked on any more, or not by this message."""
    run = desk.runs.get(message.organisation, message.integration, message.run)
    if run is None:
        return "the run is gone"
    return _ended(run, message.read) or moved_on(desk.streams.get(run.stream(message.read)), message, desk)


def _ended(run: Run, read: str) -> str | None:
    if run.status.is_final:
        return f"the run has ended: {run.status.value}"
    if run.cancelled_at is not None:
        return "the run was cancelled"
    task = run.tasks.get(read)
    if task is None:
        return "the run has no such task"
    return f"the task has ended: {task.state.value}" if task.state.is_final else None


def moved_on(stream: Stream, message: TaskMessage, desk: Desk) -> str | None:
    """Why a worker would put the message aside, None where it would take it."""
    if stream.last_run == message.run and stream.owner != message.run:
        return "the task has ended on its stream"
    if stream.owner not in (None, message.run):
        return f"run {stream.owner} has the stream; the task follows when it ends"
    at = stream.checkpoint.segment if stream.checkpoint else 0
    if message.segment != at:
        return f"the stream is at part {at}"
    if stream.lease_until is not None and stream.lease_until >= desk.clock.now():
        return "a worker is at it"
    return None


def _write(message: WriteMessage, desk: Desk) -> Judgement:
    if desk.integrations.get(message.organisation, message.integration) is None:
        return Judgement(Fate.DROP, "the integration is gone")
    there = desk.writes.get(message.organisation, message.integration, message.reference)
    if there is None or there.state.is_final:
        return Judgement(Fate.DROP, f"the write-back has ended: {there.state.value}" if there else "it is gone")
    return Judgement(Fate.SEND, "it looks at the vendor before it sends anything")


def _delivery(message: DeliveryMessage, desk: Desk) -> Judgement:
    there = desk.webhooks.delivery(message.organisation, message.target, message.delivery)
    if there is None or there.check_at is None:
        return Judgement(Fate.DROP, "the delivery has ended" if there else "the delivery is gone")
    return Judgement(Fate.SEND, "its receiver waits")
