"""A DynamoDB that throttles, takes only part of a batch, or acts and loses its answer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ReadTimeoutError

from tests.contract.stores.backends import OnAws


@dataclass(frozen=True, slots=True)
class _Http:
    status_code: int
    headers: dict[str, str] = field(default_factory=dict)


def throttle(aws: OnAws, operation: str, *, times: int) -> list[int]:
    """The next `times` calls are refused before they act; the list that is given back counts them."""
    refused: list[int] = []

    def refuse(**_: Any) -> tuple[_Http, dict[str, Any]] | None:
        if len(refused) >= times:
            return None
        refused.append(1)
        return _Http(400), {"Error": {"Code": "ThrottlingException", "Message": "slow down"}, "ResponseMetadata": {}}

    _listen(aws, f"before-call.dynamodb.{operation}", refuse)
    return refused


def take_in_part(aws: OnAws, *, times: int) -> None:
    """The next `times` batch writes do nothing and hand all their items back as unprocessed."""
    of_this_thread = threading.local()
    left = iter(range(times))

    def remember(params: dict[str, Any], **_: Any) -> None:
        of_this_thread.asked = params["RequestItems"]

    def hand_back(**_: Any) -> tuple[_Http, dict[str, Any]] | None:
        spent = next(left, None) is None
        return None if spent else (_Http(200), {"UnprocessedItems": of_this_thread.asked})

    _listen(aws, "provide-client-params.dynamodb.BatchWriteItem", remember)
    _listen(aws, "before-call.dynamodb.BatchWriteItem", hand_back)


def lose_answer(aws: OnAws, operation: str) -> None:
    """The next call acts, and its answer never arrives."""
    lost: list[int] = []

    def lose(**_: Any) -> None:
        if not lost:
            lost.append(1)
            raise ReadTimeoutError(endpoint_url="http://store.example.test")

    _listen(aws, f"after-call.dynamodb.{operation}", lose)


def _listen(aws: OnAws, event: str, handler: Callable[..., Any]) -> None:
    aws.dynamodb.meta.events.register(event, handler)
