"""How a task travels through SQS: ids only, as JSON with a version."""

from __future__ import annotations

import json

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from planster_sync.errors import InvalidRequest
from planster_sync.model.runs import Lane, TaskMessage

VERSION = 1


class _Body(BaseModel):
    model_config = ConfigDict(strict=True)

    version: int = Field(ge=VERSION, le=VERSION)
    organisation: str = Field(min_length=1)
    integration: str = Field(min_length=1)
    run: str = Field(min_length=1)
    read: str = Field(min_length=1)
    segment: int = Field(ge=0)
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
        parsed = _Body.model_validate_json(body)
    except ValidationError as error:
        wrong = sorted({".".join(map(str, fault["loc"])) or "body" for fault in error.errors(include_input=False)})
        raise InvalidRequest("The message is not a task of this version.", detail=", ".join(wrong)) from None
    return TaskMessage(
        parsed.organisation, parsed.integration, parsed.run, parsed.read, parsed.segment, lane=parsed.lane
    )
