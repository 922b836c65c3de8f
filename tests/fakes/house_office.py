"""What the house tells of every organisation, around a world in memory: the bus's events, and digests."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from planster_sync.engine.announcing import Lookers
from planster_sync.engine.delivering import Courier
from planster_sync.engine.digesting import Digester
from planster_sync.entry.webhooks.digest import PlainDigest
from planster_sync.entry.webhooks.house import HouseSender
from planster_sync.entry.webhooks.judging import StatusJudge
from planster_sync.model.webhooks import Kind
from planster_sync.storage.house import DynamoHouse
from planster_sync.storage.webhooks import DynamoWebhooks
from tests.fakes.webhook_office import Office, simulated_control


@dataclass
class MemoryTopic:
    """Keeps what was published: subject, text, organisation."""

    published: list[tuple[str, str, str]] = field(default_factory=list)

    def publish(self, subject: str, text: str, organisation: str) -> None:
        self.published.append((subject, text, organisation))


@dataclass
class HouseOffice(Office):
    """`registered` are the organisation's own webhooks, in the same table."""

    topic: MemoryTopic = field(default_factory=MemoryTopic)

    def __post_init__(self) -> None:
        control = simulated_control()
        self.webhooks = DynamoHouse(control, self.world.clock)
        self.registered = DynamoWebhooks(control)
        self._made = 0

    @property
    def announcer(self) -> Lookers:  # type: ignore[override]
        return Lookers((super().announcer, self.digester))

    @property
    def digester(self) -> Digester:
        world = self.world
        assert isinstance(self.webhooks, DynamoHouse)
        return Digester(
            self.watch(self.webhooks),
            world.stores.integrations,
            StatusJudge(lambda name: world.source.declared),
            PlainDigest(lambda name: world.source.declared),
            self.watch(self.queue),
            world.clock,
            world.identity,
            world.timings,
        )

    @property
    def courier(self) -> Courier:
        world = self.world
        send = HouseSender(self.post, self.watch(world.events), self.watch(self.topic))
        return Courier(
            self.watch(self.webhooks), send, self.watch(self.queue), world.clock, world.timings, world.journal
        )

    @property
    def told(self) -> list[tuple[Kind, dict[str, Any]]]:
        """The house's events on the bus, as a consumer reads them."""
        kinds = {kind.value for kind in Kind}
        found = [each for each in self.world.events.published if each[0] in kinds]
        return [(Kind(kind), json.loads(json.dumps(detail))) for kind, detail in found]
