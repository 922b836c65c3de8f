"""How tasks, write-backs and what concerns webhooks travel through SQS: ids only, as JSON with a version.

A write-back's message has the member `write`, its reference, a delivery's has `delivery`, one that asks for a look has
`look`; a task's has none of them. The bus's own event that a run has ended asks for a look, too.
"""

from __future__ import annotations

import json
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from planster_sync.errors import InvalidRequest
from planster_sync.model.runs import Lane, TaskMessage
from planster_sync.model.webhooks import DeliveryMessage, LookMessage
from planster_sync.ports.write_backs import WriteMessage

VERSION = 1

_Name = Annotated[str, Meta(min_length=1)]


class _Body(msgspec.Struct):
    version: Annotated[int, Meta(ge=VERSION, le=VERSION)]
    organisation: _Name
    integration: _Name
    run: _Name
    read: _Name
    segment: Annotated[int, Meta(ge=0)]
    lane: Lane = Lane.NIGHT


class _Kind(msgspec.Struct):
    write: str | None = None
    delivery: str | None = None
    look: str | None = None
    source: str | None = None


class _WriteBody(msgspec.Struct):
    version: Annotated[int, Meta(ge=VERSION, le=VERSION)]
    organisation: _Name
    integration: _Name
    write: _Name


class _DeliveryBody(msgspec.Struct):
    version: Annotated[int, Meta(ge=VERSION, le=VERSION)]
    organisation: _Name
    target: _Name
    delivery: _Name


class _LookBody(msgspec.Struct):
    version: Annotated[int, Meta(ge=VERSION, le=VERSION)]
    organisation: _Name
    look: Literal["all"]


class _Ended(msgspec.Struct):
    organisation: _Name
    integration: _Name


class _EventBody(msgspec.Struct, rename={"kind": "detail-type"}):
    """AWS: EventBridge event structure."""

    source: Literal["planster.sync"]
    kind: Literal["sync run finished"]
    detail: _Ended


def delivery_body(message: DeliveryMessage) -> str:
    body = {
        "version": VERSION,
        "organisation": message.organisation,
        "target": message.target,
        "delivery": message.delivery,
    }
    return json.dumps(body, separators=(",", ":"))


def look_body(message: LookMessage) -> str:
    """Of a whole organisation; a single integration is only looked at when the bus says that its run has ended."""
    return json.dumps({"version": VERSION, "organisation": message.organisation, "look": "all"}, separators=(",", ":"))


def write_body(message: WriteMessage) -> str:
    body = {
        "version": VERSION,
        "organisation": message.organisation,
        "integration": message.integration,
        "write": message.reference,
    }
    return json.dumps(body, separators=(",", ":"))


def message_body(message: TaskMessage) -> str:
    body = {
        "version": VERSION,
        "organisation": message.organisation,
        "integration": message.integration,
        "run": message.run,
        "read": message.read,
        "segment": message.segment,
        "lane": message.lane,
    }
    return json.dumps(body, separators=(",", ":"))


Message = TaskMessage | WriteMessage | DeliveryMessage | LookMessage


def parse_message(body: str) -> Message:
    """Raises InvalidRequest for anything but a message of this version, or the bus's event that a run has ended."""
    try:
        return _parsed(body, msgspec.json.decode(body, type=_Kind))
    except (msgspec.DecodeError, UnicodeError) as error:
        # Where, and not what, and without the cause: a stranger's message may hold anything.
        where = str(error).rpartition(" - at ")[2]
        raise InvalidRequest("The message is none of this version.", detail=where) from None


def _parsed(body: str, kind: _Kind) -> Message:
    if kind.write is not None:
        return _write(msgspec.json.decode(body, type=_WriteBody))
    if kind.delivery is not None:
        delivery = msgspec.json.decode(body, type=_DeliveryBody)
        return DeliveryMessage(delivery.organisation, delivery.target, delivery.delivery)
    if kind.look is not None:
        return LookMessage(msgspec.json.decode(body, type=_LookBody).organisation)
    if kind.source is not None:
        ended = msgspec.json.decode(body, type=_EventBody).detail
        return LookMessage(ended.organisation, ended.integration)
    return _task(msgspec.json.decode(body, type=_Body))


def _task(parsed: _Body) -> TaskMessage:
    return TaskMessage(
        parsed.organisation, parsed.integration, parsed.run, parsed.read, parsed.segment, lane=parsed.lane
    )


def _write(parsed: _WriteBody) -> WriteMessage:
    return WriteMessage(parsed.organisation, parsed.integration, parsed.write)
