"""An operator's desk over the whole system in memory, and dead letters in a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from operations.desk import Desk
from operations.redrive import Letter
from planster_sync.aws.messages import message_body
from planster_sync.model.runs import TaskMessage
from tests.engine.world import World
from tests.fakes.memory_write_backs import MemoryWriteBacks

NOBODYS = cast(Any, None)
"""In the place of what no test here asks for."""


def desk_of(world: World) -> Desk:
    return Desk(
        integrations=world.stores.integrations,
        runs=world.stores.runs,
        streams=world.stores.streams,
        writes=MemoryWriteBacks(),
        webhooks=NOBODYS,
        queue=cast(Any, world.queue),
        control=NOBODYS,
        records=world.stores.records,
        quarantine=world.stores.quarantine,
        objects=world.stores.indexes,
        starter=world.starter,
        capabilities=lambda name: world.source.declared,
        clock=world.clock,
        timings=world.timings,
    )


@dataclass
class ListedLetters:
    """`there` is what lies in the queue; letters that were received and given back are in it again."""

    there: list[Letter]
    removed: list[Letter] = field(default_factory=list)

    @classmethod
    def of(cls, *messages: TaskMessage) -> ListedLetters:
        return cls([Letter(f"m{place}", message_body(each), f"r{place}") for place, each in enumerate(messages)])

    def receive(self, most: int) -> Sequence[Letter]:
        taken, self.there = self.there[:most], self.there[most:]
        return taken

    def remove(self, letter: Letter) -> None:
        self.removed.append(letter)

    def give_back(self, letter: Letter) -> None:
        self.there.append(letter)
