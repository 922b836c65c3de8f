"""The tokens of one account, shared by whoever asks this object: on the product's own turns, with a vault in memory."""

from __future__ import annotations

from planster_sync.http.tokens import AskVendor, SharedTokens
from planster_sync.ports.platform import Clock
from planster_sync.storage.backoff import Backoff
from planster_sync.storage.lanes import ThreadLanes
from planster_sync.storage.table import Table
from planster_sync.storage.token_turns import DynamoTokenTurns
from tests.contract.stores.tables import described
from tests.fakes.memory_tokens import MemoryVault
from tests.fakes.simulated_dynamodb import SimulatedDynamoDB
from tests.fakes.simulated_tables import table_layout


class OwnTokens:
    """What `Account.tokens` is in a test. `vault` shows the versions that were written."""

    def __init__(self, clock: Clock) -> None:
        self.vault = MemoryVault()
        self._clock = clock
        layouts = [table_layout(name, what) for name, what in described(control="control", records="records")]
        table = Table(SimulatedDynamoDB(layouts), "control", Backoff(clock, lambda: 0.5), ThreadLanes())
        self._turns = DynamoTokenTurns(table, "acme", "warehouse-1")
        self._workers = 0

    def __call__(self, ask: AskVendor) -> SharedTokens:
        self._workers += 1
        holder = f"worker-{self._workers}"
        return SharedTokens(self._turns, self.vault, ask, self._clock, holder=holder, origin="first")
