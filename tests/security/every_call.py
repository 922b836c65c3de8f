"""Everything that the functions ask of AWS: nights, what planners do, and what goes wrong, until nothing is left."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.request import Request, urlopen

import pytest

from planster_sync.connectors import registry
from planster_sync.entry.console.sessions import IDLE, LASTS
from planster_sync.entry.parts import Parts, parts
from planster_sync.model.data_types import DataType
from planster_sync.model.runs import Mode
from planster_sync.ports.sessions import Session
from planster_sync.storage.exports import DynamoExports, S3ExportFiles
from planster_sync.storage.sessions import DynamoSessions
from tests.connectors.trackstar.simulated import SIMULATED
from tests.integration.linking import installed
from tests.security.recording import Recorded, recorded
from tests.security.sealed_aws import QUEUES
from tests.security.sealed_system import SealedSystem, sealed_system

ACME = "/v1/organisations/acme"
CONNECTOR = "trackstar"
LOOKED_AT = (
    "",
    "/runs",
    "/held",
    "/sync/expected",
    "/quarantine/products",
    "/diagnose",
    "/records/products",
    "/records/inventory_levels?sku=NO-SUCH-SKU",
    "/records/products?updated_since=2020-01-01T00:00:00Z",
)
OPERATED = (
    ("POST", "/runs/{run}/cancel", None),
    ("POST", "/held/products/approve", {"run": "r"}),
    ("PATCH", "/settings", {"name": "Main"}),
    ("POST", "/pause", None),
    ("POST", "/resume", None),
    ("POST", "/disconnect", {"integration": "{main}"}),
)


class Play:
    """One organisation on one vendor. `main` is the integration that everything happens to."""

    def __init__(self, system: SealedSystem, url: str) -> None:
        self.system = system
        self.url = url
        self.made: Parts = parts()  # what a test looks and reaches in with, under no role
        self.main = ""

    def ask(self, method: str, address: str, body: Any = None, *, good: tuple[int, ...] = (200, 201, 202)) -> Any:
        status, answer = self.system.ask(method, ACME + address.replace("{main}", self.main), body)
        assert status in good, (method, address, answer)
        return answer

    def nights_and_people(self) -> None:
        form = {"connector": CONNECTOR, "name": "Main", "credentials": dict(SIMULATED.good)}
        self.main = self.ask("POST", "/integrations", {**form, "settings": {"base_url": self.url}})["integration"]
        self.system.night()
        self._connect_others()
        for address in LOOKED_AT:
            self.ask("GET", f"/integrations/{{main}}{address}")
        self._operate("POST", "/check", None)
        self._operate("POST", "/verify", {"data_type": "products", "sample": 3})
        keyed = {"idempotency-key": "key-1"}
        assert self.system.ask("POST", f"{ACME}/integrations/{self.main}/sync", {}, keyed)[0] == 202
        self._operate("POST", "/quarantine/products/retry", None)
        self._webhooks()
        self._writes()
        self._corrections()
        exports = [self._export(more) for more in ({}, {"updated_since": "2020-01-01T00:00:00Z"})]
        self.system.work()
        for export in exports:
            assert self._operate("GET", f"/export-files/{export}", None)["state"] == "ready"

    def later_nights(self) -> None:
        """The source changes, corrections end with it, and the vendor has a task wait for longer than a slice."""
        for day in range(3):
            self._control("day/advance")
            if day == 1:
                wait = {"match": "/wms/orders", "kind": "status_429", "retry_after": 300, "times": 9}
                self._control("faults", [wait])
            self.system.clock.advance(86_400)
            for _ in range(4):
                self.system.night()
                self.system.clock.advance(400)

    def _control(self, path: str, body: object = None) -> None:
        with urlopen(Request(f"{self.url}/_sim/{path}", json.dumps(body or {}).encode())) as answer:
            assert answer.status == 200

    def mishaps(self) -> None:
        self._credentials_in_secrets_manager()
        for queue in QUEUES:
            entry = {"Id": "0", "MessageBody": "{}"}
            self.system.aws.sqs.send_message_batch(QueueUrl=self.system.aws.sqs.url(queue), Entries=[entry])
        self.system.work()  # what nobody can read comes back until it lies among the dead letters
        self._lost_run()

    def end(self) -> None:
        self._export_that_never_ends()
        run = self.made.runs.recent("acme", self.main, 1, None)[0][0].id
        for method, address, body in OPERATED:
            text = json.dumps(body).replace("{main}", self.main) if body else None
            self._operate(method, address.format(run=run), text, good=(200, 202, 409))
        self._console()
        self.system.clock.advance(3600)
        self.system.work()
        for _ in range(4):
            self.system.clock.advance(1800)
            self.system.night()
        left = [item for item in self.system.stored("records") if f"#{self.main}#" in item["pk"]["S"]]
        assert left == []

    def _operate(self, method: str, address: str, body: Any, **more: Any) -> Any:
        return self.ask(method, f"/integrations/{{main}}{address}", body, **more)

    def _connect_others(self) -> None:
        """A second account by a form, with new credentials after that, and a third by the vendor's dialogue."""
        self.system.aws.store(f"/planster/test/apps/{CONNECTOR}", {"api_key": "sim-api-key", "base_url": self.url})
        off = {each.value: False for each in registry.capabilities(CONNECTOR).data_types}
        form = {"connector": CONNECTOR, "name": "Second", "credentials": dict(SIMULATED.good), "data_types": off}
        second = self.ask("POST", "/integrations", {**form, "settings": {"base_url": self.url}})["integration"]
        self.ask("POST", f"/integrations/{second}/reconnect", {"credentials": dict(SIMULATED.good)})
        begun = self.ask("POST", f"/connect/{CONNECTOR}/begin", {"name": "Third", "data_types": off})
        code = installed(self.url, begun["link_token"])
        self.ask("POST", f"/connect/{CONNECTOR}/exchange", {"state": begun["state"], "auth_code": code})

    def _webhooks(self) -> None:
        """All that can be done with one; what is then sent to it reaches nobody."""
        body = {"url": "http://127.0.0.1:9/hook"}
        made = self.ask("POST", "/webhooks", body)["id"]
        for part in ("/rotate", "/rotate", "/resume", "/test"):
            self.ask("POST", f"/webhooks/{made}{part}")
        for address in ("", f"/{made}", f"/{made}/deliveries"):
            self.ask("GET", f"/webhooks{address}")
        self.ask("DELETE", f"/webhooks/{self.ask('POST', '/webhooks', body)['id']}")

    def _writes(self) -> None:
        """A shipment and a change of another, and one whose message was lost, so that a tick takes it up."""
        for reference in ("PO-1", "PO-lost"):
            body = {"reference": reference, "lines": [{"sku": "NO-SUCH-SKU", "quantity": 1}]}
            self._operate("POST", "/inbound-shipments", body)
        self._operate("PATCH", "/inbound-shipments/asn-1", {"reference": "CHG-1", "tracking_numbers": ["1Z"]})
        self._operate("GET", "/inbound-shipment-writes/PO-1", None)
        lost = self.made.writes.get("acme", self.main, "PO-lost")
        assert lost is not None
        self.made.writes.change(lost, replace(lost, check_at=lost.requested_at))
        self.system.tick()

    def _corrections(self) -> None:
        """One that takes another's place, and one that is withdrawn."""
        for record in [each["id"] for each in self._operate("GET", "/records/products", None)["records"]]:
            body = {"data_type": "products", "record": record, "fields": {"brand": "A"}, "reason": "misspelt"}
            self._operate("POST", "/adjustments", body)
        self._operate("POST", "/adjustments", {**body, "fields": {"brand": "B"}})
        self._operate("DELETE", f"/adjustments/products/{record}", None)

    def _export(self, more: dict[str, str]) -> str:
        return str(self._operate("POST", "/export-files", {"data_type": "products", **more})["id"])

    def _export_that_never_ends(self) -> None:
        """Its first part is there; what comes then finds the integration gone."""
        exports, files = (
            DynamoExports(self.made.control),
            S3ExportFiles(self.made.bucket, self.made.backoff, self.made.clock),
        )
        export = exports.get("acme", self.main, self._export({}))
        assert export is not None
        exports.change(export, replace(export, upload=files.begin(export)))

    def _credentials_in_secrets_manager(self) -> None:
        """As whoever has their secrets there asks for; the parameter stays where it was."""
        name = f"planster/test/integrations/acme/{self.main}-AbCdEf"
        arn = f"arn:aws:secretsmanager:eu-central-1:123456789012:secret:{name}"
        self.system.aws.secrets[arn] = json.dumps(dict(SIMULATED.good))
        found = self.made.integrations.get("acme", self.main)
        assert found is not None
        self.made.integrations.put(replace(found, secret=arn))
        self._operate("POST", "/sync", {})
        self.system.work()

    def _lost_run(self) -> None:
        """Its messages are gone, and nothing comes of it for a day, so that a tick ends it."""
        found = self.made.integrations.get("acme", self.main)
        assert found is not None
        kinds = (DataType.WAREHOUSES,)
        self.made.starter.by_hand(found, registry.capabilities(CONNECTOR), kinds, Mode.AUTO, "planner")
        for queue in QUEUES:
            self.system.aws.sqs.purge(queue)
        self.made.integrations.put(replace(found, due_at=None))
        self.system.clock.advance(86_400)
        self.system.tick()
        self.made.integrations.put(found)

    def _console(self) -> None:
        now, secret = self.system.clock.now(), "s" * 43
        reads = ("planster/read",)
        session = Session("acme", "user-7", reads, now - LASTS / 2, now + LASTS / 2, now - IDLE / 2, "token")
        DynamoSessions(self.made.control).keep(secret, session)
        host = {"host": "localhost", "origin": "http://localhost", "cookie": f"planster_session={secret}"}
        assert self.system.ask("GET", "/console", headers=host)[0] == 200
        form = {**host, "content-type": "application/x-www-form-urlencoded"}
        assert self.system.ask("POST", "/console/logout", "form_token=token", form)[0] == 303


def play(monkeypatch: pytest.MonkeyPatch) -> Recorded:
    with sealed_system(monkeypatch) as system, recorded(system) as found:
        vendor = system.closing.enter_context(SIMULATED.start(system.clock.now(), system.clock.now, 0))
        acted = Play(system, vendor.url)
        acted.nights_and_people()
        acted.later_nights()
        acted.mishaps()
        acted.end()
    assert system.errors == []
    return found
