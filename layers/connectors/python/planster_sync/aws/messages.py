"""How tasks and write-backs travel through SQS: ids only, as JSON with a version.

A write-back's message has the member `write`, its reference; a task's has none.
"""

from __future__ import annotations

import json
from typing import Annotated

import msgspec
from msgspec import Meta

from planster_sync.errors import InvalidRequest
from planster_sync.model.runs import Lane, TaskMessage
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


class _WriteBody(msgspec.Struct):
    version: Annotated[int, Meta(ge=VERSION, le=VERSION)]
    organisation: _Name
    integration: _Name
    write: _Name


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


def parse_message(body: str) -> TaskMessage | WriteMessage:
    """Raises InvalidRequest for anything but a task's or a write-back's message of this version."""
    try:
        if msgspec.json.decode(body, type=_Kind).write is not None:
            return _write(msgspec.json.decode(body, type=_WriteBody))
        return _task(msgspec.json.decode(body, type=_Body))
    except (msgspec.DecodeError, UnicodeError) as error:
        # Where, and not what, and without the cause: a stranger's message may hold anything.
        where = str(error).rpartition(" - at ")[2]
        raise InvalidRequest("The message is no task or write-back of this version.", detail=where) from None


def _task(parsed: _Body) -> TaskMessage:
    return TaskMessage(
        parsed.organisation, parsed.integration, parsed.run, parsed.read, parsed.segment, lane=parsed.lane
    )


def _write(parsed: _WriteBody) -> WriteMessage:
    return WriteMessage(parsed.organisation, parsed.integration, parsed.write)
