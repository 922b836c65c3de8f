"""How a task travels through SQS: ids only, as JSON with a version."""

from __future__ import annotations

import json
from typing import Annotated

import msgspec
from msgspec import Meta

from planster_sync.errors import InvalidRequest
from planster_sync.model.runs import Lane, TaskMessage

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


def parse_message(body: str) -> TaskMessage:
    """Raises InvalidRequest for anything but a task message of this version."""
    try:
        parsed = msgspec.json.decode(body, type=_Body)
    except (msgspec.DecodeError, UnicodeError) as error:
        # Where, and not what, and without the cause: a stranger's message may hold anything.
        where = str(error).rpartition(" - at ")[2]
        raise InvalidRequest("The message is not a task of this version.", detail=where) from None
    return TaskMessage(
        parsed.organisation, parsed.integration, parsed.run, parsed.read, parsed.segment, lane=parsed.lane
    )
