"""The vendor's error answers. GraphQL that could be read is answered with 200, whatever came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any

from simulators.serving.exchange import Answer, Refusal, refusal, told
from simulators.shiphero.graphql.checking import Problem

NOT_FOUND, SCOPE_MISSING, CREDITS_SPENT, REFUSED = 5, 7, 30, 3


class OperationFailed(Exception):
    """One operation of a document ends in an error; the others go on."""

    def __init__(self, message: str, code: int, **more: Any) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.more = more

    def told(self, operation: str, request_id: str) -> Mapping[str, Any]:
        shared = {"message": self.message, "operation": operation, "field": "", "request_id": request_id}
        return {**shared, "code": self.code, **self.more}


def spent(required: int, remaining: float, wait_seconds: float) -> OperationFailed:
    """Too few credits: how many are needed, how many are there, and when there will be enough, in words."""
    left, seconds = int(remaining), ceil(wait_seconds)
    words = (
        f"There are not enough credits to perform the requested operation, which requires {required} credits, but "
        f"there are only {left} left. In {seconds} seconds you will have enough credits to perform the operation"
    )
    more = {"required_credits": required, "remaining_credits": left, "time_remaining": f"{seconds} seconds"}
    return OperationFailed(words, CREDITS_SPENT, **more)


def not_found(what: str) -> OperationFailed:
    return OperationFailed(f"{what} not found", NOT_FOUND)


def scope_missing(scope: str) -> OperationFailed:
    return OperationFailed(f"Missing required scope(s): {scope}", SCOPE_MISSING)


def malformed(problems: Sequence[Problem]) -> Answer:
    """What cannot be executed at all is a bad request; these errors have places and no code."""
    errors = [
        {"message": each.message, "locations": [{"line": each.at[0], "column": each.at[1]}] if each.at else []}
        for each in problems
    ]
    return told({"errors": errors}, 400)


def unauthorized() -> Refusal:
    return refusal(401, {"code": "token_expired", "description": "Token is expired or unknown"})


def failed(status: int) -> Answer:
    return told({"message": f"HTTP {status}"}, status)
