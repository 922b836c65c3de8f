"""An API that answers from a script, for what the real one does rarely or does elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from planster_client import Organisation, Transport
from tests.client.served import Asked, Told, http


@dataclass
class Script:
    """The answers in their order; the last one stays."""

    answers: list[Told]
    asked: list[Asked] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    url: str = ""

    def answer(self, asked: Asked) -> Told:
        self.asked.append(asked)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    @property
    def organisation(self) -> Organisation:
        return Organisation(Transport(self.url, wait=self.waits.append, draw=lambda: 0.5), "o")


@contextmanager
def scripted(*answers: Told) -> Iterator[Script]:
    script = Script(list(answers))
    with http(script.answer) as url:
        script.url = url
        yield script
