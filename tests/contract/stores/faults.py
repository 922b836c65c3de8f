"""A DynamoDB that throttles, takes only part of a batch, or acts and loses its answer."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from planster_sync.wire.endpoint import Endpoint, NoAnswer, Refused

Fault = Callable[[str, bytes], bytes]


@dataclass(slots=True)
class FaultyEndpoint:
    """Passes calls on to a real endpoint; the next calls of an operation meet the faults that were arranged for it."""

    real: Endpoint
    operations: list[str] = field(default_factory=list)
    _faults: dict[str, deque[Fault]] = field(default_factory=dict)

    def call(self, operation: str, body: bytes) -> bytes:
        self.operations.append(operation)
        try:
            fault = self._faults.get(operation, deque()).popleft()
        except IndexError:
            return self.real.call(operation, body)
        return fault(operation, body)

    def throttle(self, operation: str, *, times: int) -> None:
        """The next `times` calls are refused before they act."""

        def refuse(_operation: str, _body: bytes) -> bytes:
            raise Refused("ThrottlingException", "slow down", b"{}")

        self._arrange(operation, refuse, times)

    def take_in_part(self, *, times: int, taken: int = 0) -> None:
        """The next `times` batch writes take the first `taken` items and hand the others back as unprocessed."""

        def hand_back(operation: str, body: bytes) -> bytes:
            ((table, items),) = json.loads(body)["RequestItems"].items()
            if taken:
                self.real.call(operation, json.dumps({"RequestItems": {table: items[:taken]}}).encode())
            rest = {table: items[taken:]} if items[taken:] else {}
            return json.dumps({"UnprocessedItems": rest}).encode()

        self._arrange("BatchWriteItem", hand_back, times)

    def lose_answer(self, operation: str, *, times: int = 1) -> None:
        """The next `times` calls act, and their answers never arrive."""

        def lose(operation: str, body: bytes) -> bytes:
            with suppress(Refused):
                self.real.call(operation, body)
            raise NoAnswer("TimeoutError")

        self._arrange(operation, lose, times)

    def lose_request(self, operation: str, *, times: int = 1) -> None:
        """The next `times` calls never arrive."""

        def lose(_operation: str, _body: bytes) -> bytes:
            raise NoAnswer("ConnectionResetError")

        self._arrange(operation, lose, times)

    def _arrange(self, operation: str, fault: Fault, times: int) -> None:
        self._faults.setdefault(operation, deque()).extend([fault] * times)
