"""The seam to AWS's JSON services: one operation at a time, JSON in and out. What speaks HTTP is in `posting.py`."""

from __future__ import annotations

from typing import Protocol


class Refused(Exception):
    """The service said no. `code` is its exception's bare name, `body` the whole answer as JSON.

    A failed condition of DynamoDB has the item as it was found under "Item" where the request asked for it.
    """

    def __init__(self, code: str, message: str, body: bytes) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.body = body


class NoAnswer(Exception):
    """The connection broke or timed out: the operation may have acted. `kind` names the failure."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class Endpoint(Protocol):
    def call(self, operation: str, body: bytes) -> bytes:
        """One operation of one service, such as DynamoDB's "PutItem", tried once.

        Raises:
            Refused: the service said no.
            NoAnswer: no whole answer came; the operation may have acted.
        """
        ...
