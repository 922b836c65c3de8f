"""Dead letters sent again: looked at first, never faster than asked for, each judged once more before it goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from operations.desk import Desk, Line
from operations.letters import Fate, Judgement, judged, named, understood
from planster_sync.aws.messages import Message
from planster_sync.errors import InvalidRequest
from planster_sync.model.runs import TaskMessage
from planster_sync.model.webhooks import DeliveryMessage
from planster_sync.ports.write_backs import WriteMessage

HELD = 900
"""Seconds for which letters that were looked at are hidden from everybody else."""

_DONE = {Fate.SEND: "sent", Fate.DROP: "dropped", Fate.KEEP: "kept"}
Told = Callable[[int, int], None]
"""Hears how many letters are dealt with, of how many."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One dead letter; `receipt` is good for HELD seconds."""

    id: str
    body: str
    receipt: str


class DeadLetters(Protocol):
    def receive(self, most: int) -> Sequence[Letter]:
        """At most so many, hidden for HELD seconds."""
        ...

    def remove(self, letter: Letter) -> None: ...

    def give_back(self, letter: Letter) -> None:
        """Makes it visible again at once."""
        ...


@dataclass(frozen=True, slots=True)
class Seen:
    letter: Letter
    message: Message | None
    judgement: Judgement

    @property
    def line(self) -> Line:
        return Line(named(self.message), f"would be {_DONE[self.judgement.fate]}", self.judgement.why)


@dataclass(frozen=True, slots=True)
class Redrive:
    """`per_second` is how many letters are sent at most."""

    letters: DeadLetters
    desk: Desk
    per_second: float

    def look(self, most: int) -> Sequence[Seen]:
        """Receives letters and judges them. Nothing is sent or removed.

        Raises:
            InvalidRequest: so many could not be sent at this rate while they are hidden.
        """
        if self.per_second <= 0 or most / self.per_second > 2 * HELD / 3:
            raise InvalidRequest(
                f"{most} letters at {self.per_second:g} a second take longer than they can be held.",
                remedy=f"Ask for {int(self.per_second * 2 * HELD / 3)} at most (--most), and again for the rest.",
            )
        found: list[Seen] = []
        known: set[Message] = set()
        for letter in self.letters.receive(most):
            message = understood(letter.body)
            is_double = message is not None and message in known
            judgement = Judgement(Fate.DROP, "it lies here twice") if is_double else judged(message, self.desk)
            found.append(Seen(letter, message, judgement))
            known |= {message} if message is not None else set()
        return found

    def give_back(self, seen: Sequence[Seen]) -> None:
        for each in seen:
            self.letters.give_back(each.letter)

    def do(self, seen: Sequence[Seen], told: Told) -> Sequence[Line]:
        """Sends, drops and keeps as judged; a letter is removed only after it was sent.

        What would be sent is judged again: a run may have ended since it was looked at.
        """
        lines = []
        for number, each in enumerate(seen, 1):
            fate = each.judgement
            if fate.fate is Fate.SEND:
                fate = judged(each.message, self.desk)
            self._deal(each, fate.fate)
            lines.append(Line(named(each.message), _DONE[fate.fate], fate.why))
            told(number, len(seen))
        return lines

    def _deal(self, seen: Seen, fate: Fate) -> None:
        if fate is Fate.KEEP:
            self.letters.give_back(seen.letter)
            return
        if fate is Fate.SEND and seen.message is not None:
            self._send(seen.message)
        self.letters.remove(seen.letter)
        if fate is Fate.SEND:
            self.desk.clock.wait(1 / self.per_second)

    def _send(self, message: Message) -> None:
        queue = self.desk.queue
        if isinstance(message, TaskMessage):
            queue.send([message], lane=message.lane)
        elif isinstance(message, WriteMessage):
            queue.send_writes([message])
        elif isinstance(message, DeliveryMessage):
            queue.send_deliveries([message])
        else:
            queue.send_looks([message])
