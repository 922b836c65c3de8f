"""Everything that works on webhooks, around a world in memory: desk, announcer, courier, sweep."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from planster_sync.engine.announcing import Announcer
from planster_sync.engine.delivering import Courier
from planster_sync.engine.webhook_desk import WebhookDesk
from planster_sync.engine.webhook_sweep import WebhookSweep
from planster_sync.entry.webhooks.judging import StatusJudge
from planster_sync.entry.webhooks.wording import JsonWording
from planster_sync.http.addresses import AddressPolicy
from planster_sync.http.webhook_addresses import check_url
from planster_sync.model.webhooks import Delivery, DeliveryMessage, Kind, LookMessage, Reply, Target
from planster_sync.ports.webhooks import Send
from planster_sync.storage.backoff import Backoff
from planster_sync.storage.lanes import ThreadLanes
from planster_sync.storage.table import Table
from planster_sync.storage.webhooks import DynamoWebhooks
from tests.contract.stores.tables import described
from tests.engine.world import World
from tests.fakes.simulated_dynamodb import SimulatedDynamoDB
from tests.fakes.simulated_tables import table_layout

ALL = (Kind.RUN_COMPLETED, Kind.STATE_CHANGED, Kind.ACTION_NEEDED, Kind.DELETION_HELD)
URL = "https://hooks.example.com/planster"


@dataclass(frozen=True, slots=True)
class SentMessage:
    message: LookMessage | DeliveryMessage
    delay_seconds: float


class MemoryWebhookQueue:
    """Keeps what was sent, in order; `drain` hands it over and forgets it."""

    def __init__(self) -> None:
        self.sent: list[SentMessage] = []

    def send_looks(self, messages: Sequence[LookMessage]) -> None:
        self.sent.extend(SentMessage(message, 0) for message in messages)

    def send_deliveries(self, messages: Sequence[DeliveryMessage], *, delay_seconds: float = 0) -> None:
        self.sent.extend(SentMessage(message, delay_seconds) for message in messages)

    def drain(self) -> list[SentMessage]:
        waiting, self.sent = self.sent, []
        return waiting


class MemorySecrets:
    """Secrets by target and number."""

    def __init__(self) -> None:
        self.there: dict[tuple[str, int], str] = {}

    def put(self, target: str, number: int, secret: str) -> None:
        self.there[target, number] = secret

    def erase(self, target: str, numbers: Sequence[int]) -> None:
        for number in numbers:
            self.there.pop((target, number), None)

    def read(self, target: str, number: int) -> str:
        return self.there[target, number]


@dataclass
class Post:
    """A sender that keeps what it was given and replies as told, the last reply for good."""

    replies: list[Reply] = field(default_factory=lambda: [Reply(204)])
    sent: list[Delivery] = field(default_factory=list)

    def __call__(self, target: Target, delivery: Delivery, at: Any) -> Reply:
        self.sent.append(delivery)
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


def simulated_control() -> Table:
    """An empty control table as the template describes it."""
    dynamodb, name = SimulatedDynamoDB([]), f"control-{uuid4().hex[:8]}"
    for each, description in described(control=name, records=f"records-{name}"):
        dynamodb.create(table_layout(each, description), created_at=0.0)
    clock = World().clock
    return Table(dynamodb, name, Backoff(clock, lambda: 0.5), ThreadLanes())


@dataclass
class Office:
    """`watch` wraps a part of a worker, for whoever wants it killed; `send` is the post unless another is given."""

    world: World = field(default_factory=World)
    post: Post = field(default_factory=Post)
    queue: MemoryWebhookQueue = field(default_factory=MemoryWebhookQueue)
    secrets: MemorySecrets = field(default_factory=MemorySecrets)
    addresses: AddressPolicy = field(default_factory=AddressPolicy.public)
    send: Send | None = None
    watch: Callable[[Any], Any] = lambda part: part

    def __post_init__(self) -> None:
        self.webhooks = DynamoWebhooks(simulated_control())
        self._made = 0

    @property
    def desk(self) -> WebhookDesk:
        return WebhookDesk(
            self.webhooks,
            self.secrets,
            self.queue,
            JsonWording(),
            self.world.clock,
            self.world.identity,
            self.world.timings,
            partial(check_url, addresses=self.addresses),
            self._new_secret,
        )

    @property
    def announcer(self) -> Announcer:
        world = self.world
        return Announcer(
            self.watch(self.webhooks),
            world.stores.integrations,
            world.stores.runs,
            StatusJudge(lambda name: world.source.declared),
            JsonWording(),
            self.watch(self.queue),
            world.clock,
            world.identity,
            world.timings,
            world.journal,
        )

    @property
    def courier(self) -> Courier:
        world = self.world
        send = self.send or self.post
        return Courier(
            self.watch(self.webhooks), send, self.watch(self.queue), world.clock, world.timings, world.journal
        )

    @property
    def sweep(self) -> WebhookSweep:
        world = self.world
        return WebhookSweep(self.webhooks, self.queue, world.clock, world.timings, world.journal)

    def register(self, *kinds: Kind, url: str = URL) -> Target:
        """Registers, and remembers how things stand."""
        self.world.clock.advance(1)
        target, _ = self.desk.register("org1", url, kinds or ALL, "user-7")
        self.work()
        self.world.clock.advance(1)
        return target

    def look(self, integration: str | None = None) -> None:
        """A look, and what it has sent."""
        self.announcer.handle(LookMessage("org1", integration))
        self.work()

    def work(self) -> None:
        """Handles queued messages until none is left; time passes where one is delayed."""
        while waiting := self.queue.drain():
            for sent in waiting:
                self.world.clock.advance(sent.delay_seconds)
                self.handle(sent.message)

    def handle(self, message: LookMessage | DeliveryMessage) -> None:
        if isinstance(message, LookMessage):
            self.announcer.handle(message)
        else:
            self.courier.handle(message)

    def tick(self) -> int:
        """The sweep, and what it has sent."""
        now = self.world.clock.now()
        swept = self.sweep.run(now, now + timedelta(seconds=50))
        self.work()
        return swept

    def deliveries(self, target: Target) -> list[Delivery]:
        """Newest first."""
        return list(self.webhooks.deliveries("org1", target.id, 100, None)[0])

    def target(self, target: Target) -> Target:
        found = self.webhooks.target("org1", target.id)
        assert found is not None
        return found

    def _new_secret(self) -> str:
        self._made += 1
        return f"whsec_c2VjcmV0LW51bWJlci0{self._made:02d}"
