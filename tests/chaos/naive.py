"""The sync that a good engineer writes in a day, under the same schedules: what the product is measured against.

One message per list, a loop over pages with retries, a batch writer that retries what was left unprocessed, a cursor
that is set to "now", deletion of what a full read did not show, and success where nothing was raised.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from botocore.exceptions import BotoCoreError

from planster_sync.connectors import registry
from planster_sync.engine.nights import next_due
from planster_sync.http.messages import NoAnswer as VendorSilent
from planster_sync.http.messages import Request
from planster_sync.ports.stores import RecordKey
from planster_sync.storage.attributes import pack
from planster_sync.storage.keys import record_key
from planster_sync.wire.endpoint import NoAnswer, Refused
from tests.chaos import story, verdict
from tests.chaos.cloud import CloudEndpoint, CloudQueue
from tests.chaos.history import name_of
from tests.chaos.hub import HubClock
from tests.chaos.plan import Plan
from tests.chaos.sandbox import PREFIX, RECORDS, Region, Sandbox, as_version
from tests.chaos.source import PATHS, Version
from tests.chaos.vendor import VendorTransport
from tests.chaos.world import TENANTS, World
from tests.fakes.simulated_tables import Write

RETRIED = frozenset({429, 500, 502, 503})
ATTEMPTS = 4


class SyncFailed(Exception):
    """Whatever went wrong; the message comes back."""


@dataclass(eq=False)
class NaiveEnvironment:
    """Both functions of the naive sync, as one environment has them."""

    world: NaiveWorld
    region: Region
    version: int
    is_busy: bool = False

    def __post_init__(self) -> None:
        self.clock = HubClock(self.region.hub)
        self.endpoint = CloudEndpoint(self.region.tables, self.region.perils, self.region.throttle)
        self.queue = CloudQueue(self.region.mail.sqs, self.region.perils)
        self.mapper = registry.mapper("trackstar", {})

    @property
    def entry(self) -> NaiveEnvironment:
        return self

    def handle(self, event: dict[str, Any], remaining: float) -> None:
        """The nightly rule has fired: a message for each list of whoever has his night now."""
        for tenant in TENANTS:
            integration = self.world.integration(tenant)
            if integration is not None and integration.due_at and integration.due_at <= self.clock.now():
                try:
                    self.ask(tenant, int(self.region.hub.now // 86_400))
                except BotoCoreError:
                    return  # the invocation has failed; the rule fires again tomorrow
                due_at = next_due(integration, self.clock.now(), 0)
                self.world.console.integrations.put(replace(integration, due_at=due_at))

    def ask(self, tenant: str, night: int) -> None:
        for read in TENANTS[tenant]:
            body = json.dumps({"tenant": tenant, "read": read, "night": night})
            entry = {"Id": "0", "MessageBody": body, "DelaySeconds": 0}
            self.queue.send_message_batch(QueueUrl=self.region.mail.sqs.url("night"), Entries=[entry])

    def handle_batch(self, event: dict[str, Any], remaining: float) -> dict[str, Any]:
        record = event["Records"][0]
        asked = json.loads(record["body"])
        try:
            self.sync(asked["tenant"], asked["read"])
        except (SyncFailed, Refused, NoAnswer, BotoCoreError, ValueError, KeyError):
            return {"batchItemFailures": [{"itemIdentifier": record["messageId"]}]}
        self.world.done[asked["tenant"], asked["read"], asked["night"]] += 1
        return {"batchItemFailures": []}

    def sync(self, tenant: str, read: str) -> None:
        """Reads the list, changed records only where it can, and writes what it finds."""
        began = self.region.hub.now
        token = json.loads(self.region.parameters[f"{PREFIX}/{tenant}/int1"])["access_token"]
        since = self.cursor(tenant, read) if read == "orders" else None
        seen: set[str] = set()
        page_token = None
        while True:
            page = self.page(tenant, token, read, since, page_token)
            self.write(tenant, [unified for raw in page["data"] for unified in self.mapped(read, raw, seen)])
            page_token = page.get("next_token")
            if not page_token:
                break
        if since is None:
            self.delete_others(tenant, read, seen)
        self.set_cursor(tenant, read)
        self.world.succeeded(tenant, read, began)

    def page(self, tenant: str, token: str, read: str, since: str | None, page_token: str | None) -> dict[str, Any]:
        params = [("limit", str(self.region.plan.page))]
        params += [("trackstar_updated_date[gte]", since)] if since else []
        params += [("page_token", page_token)] if page_token else []
        headers = {"x-trackstar-access-token": token}
        for attempt in range(ATTEMPTS):
            try:
                ends = self.clock.now() + timedelta(seconds=30)
                answer = self.world.transport().exchange(Request("GET", PATHS[read], params, headers), ends)
            except VendorSilent:
                answer = None
            if answer is not None and answer.status == 200:
                found: dict[str, Any] = json.loads(answer.body)
                return found
            if answer is not None and answer.status not in RETRIED:
                break
            self.clock.wait(2.0**attempt)
        raise SyncFailed

    def mapped(self, read: str, raw: dict[str, Any], seen: set[str]) -> list[Any]:
        try:
            owned = self.mapper.map(read, as_version(json.dumps(raw).encode(), self.version)).owned
        except Exception:
            return []
        seen.update(f"{record.data_type.value}/{record.id}" for record in owned)
        return list(owned)

    def write(self, tenant: str, records: list[Any]) -> None:
        items = [_item(tenant, record) for record in {(each.data_type, each.id): each for each in records}.values()]
        for start in range(0, len(items), 25):
            waiting = {RECORDS: [{"PutRequest": {"Item": item}} for item in items[start : start + 25]]}
            while waiting:
                answer = json.loads(
                    self.endpoint.call("BatchWriteItem", json.dumps({"RequestItems": waiting}).encode())
                )
                waiting = answer.get("UnprocessedItems") or {}

    def delete_others(self, tenant: str, read: str, seen: set[str]) -> None:
        for (partition, sort), item in list(self.region.tables.items(RECORDS)):
            if partition == f"{tenant}#int1#{read}" and f"{read}/{item['id']['S']}" not in seen:
                key = {"pk": {"S": partition}, "sk": {"S": sort}}
                self.endpoint.call("DeleteItem", json.dumps({"TableName": RECORDS, "Key": key}).encode())

    def cursor(self, tenant: str, read: str) -> str | None:
        return self.world.cursors.get((tenant, read))

    def set_cursor(self, tenant: str, read: str) -> None:
        self.world.cursors[tenant, read] = self.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")


class NaiveWorld(World):
    """The same world with the other sync in it."""

    def __init__(self, plan: Plan) -> None:
        self.cursors: dict[tuple[str, str], str] = {}
        self.done: Counter[tuple[str, str, int]] = Counter()
        self.false_success = 0
        super().__init__(plan)

    def environment(self, kind: str) -> NaiveEnvironment:
        return NaiveEnvironment(self, self.region, self.version)

    def ask_for_sync(self, tenant: str) -> None:
        environment = NaiveEnvironment(self, self.region, self.version)

        def ask() -> None:
            try:
                environment.ask(tenant, -1)
            except BotoCoreError:
                return  # the planner is told, and may ask again

        self.hub.spawn("api", ask, ends=self.hub.now + 29.0)

    def heard(self, write: Write) -> None:
        self.noted(write)

    def transport(self) -> VendorTransport:
        return Sandbox(self.region, self.version).transport()

    def succeeded(self, tenant: str, read: str, began: float) -> None:
        """Counts a success that is none: a record that stood still all the time is missing, old, or long gone."""
        shelf, now = self.shelves[tenant, read], self.hub.now
        there = {key[1]: row for key, row in verdict.stored(self, tenant).items() if key[0] == read}
        for id_ in shelf.versions:
            states = list(shelf.during(id_, began, now))
            if len(states) > 1:
                continue
            state, row = states[0], there.get(id_)
            if (state is None and row is not None) or (state is not None and state.valid and not _has(row, state)):
                self.false_success += 1
                return


def _has(row: Mapping[str, Any] | None, state: Version) -> bool:
    return row is not None and (name_of(row) or "").endswith(f" v{state.number}")


def _item(tenant: str, record: Any) -> dict[str, Any]:
    place = record_key(tenant, "int1", RecordKey(record.data_type, record.id))
    return pack({**record.attributes(), **place})


def counts(plan: Plan) -> Counter[str]:
    """What the naive sync leaves behind after a schedule: lost, stale and ghost records, and how often it misled."""
    world = NaiveWorld(plan)
    story.play(world)
    story.calm_down(world)
    world.hub.run(world.hub.now + 86_400)
    story.night(world)
    story.night(world)
    found = Counter(false_success=world.false_success)
    found["duplicated"] = sum(times - 1 for (_, _, night), times in world.done.items() if night >= 0 and times > 1)
    for (tenant, read), shelf in world.shelves.items():
        there = {key: row for key, row in verdict.contents(world, tenant).items() if key[0] == read}
        expected = {(kind, id_): value for kind, id_, value in verdict.expected(world, shelf) if kind == read}
        invalid = {id_ for id_, version in shelf.live(world.hub.now).items() if not version.valid}
        found["lost"] += sum(key not in there for key in expected)
        found["stale"] += sum(key in there and there[key] != value for key, value in expected.items())
        found["ghost"] += sum(key not in expected and key[1] not in invalid for key in there)
    world.hub.end()
    return found
