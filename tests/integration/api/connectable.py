"""A connector with a form, a consent and settings, for the tests of connecting; the worker beside it judges secrets."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from planster_sync.errors import CredentialsRejected
from planster_sync.ports.connecting import Authorization, Way
from tests.engine.world import World
from tests.fakes.memory_connecting import MemorySecrets, ScriptedExchanges
from tests.fakes.scripted_source import ScriptedSource, capabilities
from tests.integration.api.caller import Api, OverJson

CANARY = "canary-5e1f-never-to-be-seen"


class Credentials(BaseModel):
    model_config = ConfigDict(extra="forbid")

    user: str = Field(min_length=1, description="The API user.")
    password: SecretStr = Field(min_length=4, description="Its password.")
    refresh_token: SecretStr | None = None


class Settings(BaseModel):
    model_config = ConfigDict(extra="forbid")

    page_limit: int = Field(default=5, ge=1, le=9)
    currency: str | None = Field(default=None, pattern=r"^[A-Z]{3}$")


class Guarded(ScriptedSource):
    """Refuses every password but the ones that it knows."""

    refused = False

    def check(self) -> None:
        if self.refused:
            raise CredentialsRejected("The warehouse system refuses the credentials.")


@dataclass
class Desk:
    """The API over a world whose connector can be connected in every way.

    `guarded` is the same API behind a gateway: who brings no proof is nobody there.
    """

    ways: tuple[Way, ...] = (Way.OAUTH, Way.FORM)
    world: World = field(default_factory=World)
    secrets: MemorySecrets = field(default_factory=MemorySecrets)

    def __post_init__(self) -> None:
        self.source = self.world.source = Guarded(self.world.clock)
        self.source.fill(3)
        self.source.declared = replace(
            self.source.declared,
            credentials=Credentials,
            settings=Settings,
            ways=self.ways,
            authorization=Authorization("https://vendor.test/authorize", "https://vendor.test/token", ("read",)),
            granted=frozenset({"refresh_token"}),
        )
        self.exchanges = ScriptedExchanges(self.secrets)
        worker = OverJson(self.world, self.exchanges)
        self.changes = {"keeper": self.secrets, "worker": worker, "spread_seconds": 0}
        self.api = Api(self.world, self.changes)
        self.guarded = Api(self.world, {**self.changes, "anonymous": None})

    def can_bound_history(self) -> None:
        """The vendor lists orders by when they were created: one is old, one is new."""
        reads = capabilities(recent_first=(timedelta(days=30),)).reads
        self.source.declared = replace(self.source.declared, reads=reads)
        self.source.order("old", created="2025-01-01T00:00:00Z")
        self.source.order("new", created="2026-02-20T00:00:00Z")

    def everything_kept(self) -> str:
        """Whatever is kept or told but for the secrets themselves, as one text to be searched."""
        stores = self.world.stores
        rows: list[Any] = [stores.integrations.status_page("org1"), stores.streams.all(), self.world.events.published]
        runs = [stores.runs.recent("org1", each.id, 100, None) for each, _ in stores.integrations.status_page("org1")]
        return repr([rows, runs, self.world.journal.events, list(stores.records.rows.values())])
