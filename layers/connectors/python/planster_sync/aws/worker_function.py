"""The worker function, asked by the API and waited for (AWS: Lambda API reference, Invoke)."""

from __future__ import annotations

from typing import TypeVar
from urllib.parse import quote

import msgspec

from planster_sync.errors import StoreBusy, Unexpected
from planster_sync.ports.connecting import BeginAnswer, BeginQuestion, ExchangeAnswer, ExchangeQuestion
from planster_sync.ports.questions import CheckAnswer, CheckQuestion, LookUpAnswer, LookUpQuestion, Question
from planster_sync.wire.endpoint import NoAnswer
from planster_sync.wire.gateway import Gateway

THROTTLED = 429
SUCCEEDED = 200

Answer = TypeVar("Answer")


class WorkerFunction:
    def __init__(self, functions: Gateway, name: str) -> None:
        self._functions = functions
        self._path = f"/2015-03-31/functions/{quote(name, safe='')}/invocations"

    def check(self, question: CheckQuestion) -> CheckAnswer:
        return self._ask(question, CheckAnswer)

    def look_up(self, question: LookUpQuestion) -> LookUpAnswer:
        return self._ask(question, LookUpAnswer)

    def begin(self, question: BeginQuestion) -> BeginAnswer:
        return self._ask(question, BeginAnswer)

    def exchange(self, question: ExchangeQuestion) -> ExchangeAnswer:
        return self._ask(question, ExchangeAnswer)

    def _ask(self, question: Question, kind: type[Answer]) -> Answer:
        """Raises StoreBusy where no answer comes, Unexpected where the worker failed: see its own log."""
        try:
            answer = self._functions.ask("POST", self._path, msgspec.json.encode(question))
        except NoAnswer as lost:
            raise StoreBusy("The worker did not answer in time.", remedy="Try again.", detail=lost.kind) from lost
        if answer.status == THROTTLED or answer.status >= 500:
            raise StoreBusy("The worker is busy.", remedy="Try again in a minute.", detail=str(answer.status))
        if answer.status != SUCCEEDED or "x-amz-function-error" in answer.headers:
            raise Unexpected("The worker could not answer.", detail=f"{answer.status} {self._path}")
        return msgspec.json.decode(answer.content, type=kind)
