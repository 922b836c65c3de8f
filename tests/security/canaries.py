"""Where secrets and people are looked for after everything that can happen. Run: `python -m tests.security.canaries`.

It prints a table of places by what was planted and found, and one of connectors by what they were given.
"""

from __future__ import annotations

import gzip
import json
import sys
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import pytest
from pydantic import SecretStr

from planster_sync.connectors import registry
from planster_sync.model.data_types import DataType
from tests.contract.over_http.simulated import Simulated
from tests.contract.test_connectors_over_http import SIMULATED
from tests.fakes.webhook_receiver import Receiver, receiving
from tests.integration.linking import installed
from tests.security.planting import FAILURES, NAME, PEOPLE, REMARK, TRACES_OF_PERSONS, Planting, plant
from tests.security.sealed_system import SealedSystem, quoted, sealed_system

ACME = "/v1/organisations/acme"
WRONG_SECRET = "wrong-secret-2f8c1d"
CODE = "code-of-a-consent-77aa"
LOOKED_AT = ("", "/runs", "/held", "/sync/expected", "/diagnose", "/settings", "/export-files/none")
OF_KINDS = ("/quarantine/{}", "/records/{}", "/changes/{}", "/exports/{}", "/adjustments/{}")


@dataclass
class Found:
    """`texts` by place; `secrets` and `persons` are what was found there."""

    texts: dict[str, list[str]]
    planting: Planting
    secrets: dict[str, set[str]] = field(default_factory=dict)
    persons: dict[str, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        forms = {form for each in self.planting.secrets.values() for secret in each for form in _forms(secret)}
        for place, texts in self.texts.items():
            whole = "\n".join(texts)
            small = whole.lower()
            self.secrets[place] = {form for form in forms if form in whole}
            self.persons[place] = {each for each in (*TRACES_OF_PERSONS, *PEOPLE) if each in small}


def _forms(secret: str) -> Iterator[str]:
    yield from (secret, quoted(secret), b64encode(secret.encode()).decode().rstrip("="))


class Story:
    """One organisation with an integration at one vendor, from its connecting to the end of it."""

    def __init__(self, system: SealedSystem, planting: Planting, receiver: Receiver) -> None:
        self.system, self.planting, self.receiver = system, planting, receiver
        self.urls: dict[str, str] = {}
        self.of: dict[str, str] = {}
        self.shown_once: set[str] = set()

    def ask(self, method: str, address: str, body: Any = None) -> Any:
        return self.system.ask(method, ACME + address, body)[1]

    def play(self, connector: str) -> None:
        self._connect(connector, SIMULATED[connector])
        self._register_webhook()
        self._nights(1)
        self.planting.breaking = True
        self._sync(connector, {"mode": "snapshot"})
        self.planting.breaking = False
        self._write(connector)
        self._fail(connector)
        self._reconnect(connector)
        self._look(connector)
        if connector == "trackstar":
            self._consent()
        self._dead_letter()
        self._operate(connector, "POST", "/disconnect", {"integration": self.of[connector]})
        for address in ("/status", "/integrations", "/disconnections", "/connectors", "/webhooks"):
            self.ask("GET", address)
        self._nights(1)

    def _operate(self, connector: str, method: str, address: str, body: Any = None) -> Any:
        return self.ask(method, f"/integrations/{self.of[connector]}{address}", body)

    def _connect(self, connector: str, simulated: Simulated) -> None:
        clock = self.system.clock
        server = self.system.closing.enter_context(simulated.start(clock.now(), clock.now, 0))
        self.urls[connector] = server.url
        self.planting.ports[int(server.url.rpartition(":")[2])] = connector
        self.planting.know(connector, *secrets_of(connector, simulated))
        form = {"connector": connector, "name": connector.title(), "credentials": dict(simulated.good)}
        answer = self.ask("POST", "/integrations", {**form, "settings": dict(simulated.settings(server.url))})
        self.of[connector] = answer["integration"]

    def _register_webhook(self) -> None:
        answer = self.ask("POST", "/webhooks", {"url": f"{self.receiver.url}/hook"})
        self._once(answer["secret"])
        self._once(self.ask("POST", f"/webhooks/{answer['id']}/rotate")["secret"])
        self.ask("POST", f"/webhooks/{answer['id']}/test")

    def _once(self, secret: str) -> None:
        """A signing secret is in the answer that makes it, and nowhere else."""
        self.planting.know("webhooks", secret)
        place, text = self.system.answers.pop()
        assert secret in text
        self.system.answers.append((place, text.replace(secret, "")))

    def _nights(self, many: int) -> None:
        for _ in range(many):
            self.system.clock.advance(86_400)
            for _ in range(3):
                self.system.night()
                self.system.clock.advance(400)

    def _sync(self, connector: str, body: Any) -> None:
        self._operate(connector, "POST", "/sync", body)
        for _ in range(3):
            self.system.work()
            self.system.clock.advance(400)

    def _look(self, connector: str) -> None:
        for address in LOOKED_AT:
            self._operate(connector, "GET", address)
        runs = self._operate(connector, "GET", "/runs")["runs"]
        self._operate(connector, "GET", f"/runs/{runs[0]['id']}")
        kinds = list(registry.capabilities(connector).data_types)
        for kind in kinds:
            for address in OF_KINDS:
                self._operate(connector, "GET", address.format(kind.value))
        self._operate(connector, "POST", "/verify", {"data_type": kinds[0].value, "sample": 2})
        self._operate(connector, "POST", "/check")
        for kind in (DataType.ORDERS, DataType.ORDER_SHIPMENTS):
            self._operate(connector, "POST", "/export-files", {"data_type": kind.value})
        self.system.work()

    def _write(self, connector: str) -> None:
        """One as it is, and one that the vendor refuses with everything that it knows."""
        stock = self._operate(connector, "GET", "/records/inventory_levels")["records"]
        line = {"sku": next(each["sku"] for each in stock if each.get("sku")), "quantity": 3}
        houses = self._operate(connector, "GET", "/records/warehouses")["records"]
        body = {"warehouse_id": houses[0]["id"], "expected_at": "2027-05-04T00:00:00Z", "lines": [line]}
        for number, failure in enumerate((None, "422 with an echo", "400 with an echo", "a time-out")):
            if failure:
                self.planting.meets(connector, FAILURES[failure], 2)
            asked = {**body, "reference": f"PO-{connector}-{number}"}
            self._operate(connector, "POST", "/inbound-shipments/dry-run", asked)
            self._operate(connector, "POST", "/inbound-shipments", asked)
            self.system.work()
            self.planting.heals()
            self._operate(connector, "GET", f"/inbound-shipment-writes/PO-{connector}-{number}")

    def _fail(self, connector: str) -> None:
        served = registry.capabilities(connector).data_types
        kind = DataType.WAREHOUSES if DataType.WAREHOUSES in served else next(iter(served))
        for failure in FAILURES.values():
            self.planting.meets(connector, failure, 3)
            self._sync(connector, {"data_types": [kind.value]})
            self.planting.meets(connector, failure, 3)
            self._operate(connector, "POST", "/check")
            self._operate(connector, "POST", "/verify", {"data_type": kind.value, "sample": 1})
            self.planting.heals()
            if self._operate(connector, "GET", "")["status"] != "active":
                self._operate(connector, "POST", "/reconnect", {"credentials": dict(SIMULATED[connector].good)})

    def _reconnect(self, connector: str) -> None:
        """With secrets that the vendor refuses, that have no form, and that have another name; then as they are."""
        good = dict(SIMULATED[connector].good)
        wrong = dict.fromkeys(good, f"{WRONG_SECRET}-{connector}")
        self.planting.know(connector, f"{WRONG_SECRET}-{connector}")
        for body in (wrong, {**good, NAME: wrong}, {name: [value] for name, value in wrong.items()}, good):
            self._operate(connector, "POST", "/reconnect", {"credentials": body})

    def _consent(self) -> None:
        """By the vendor's dialogue, with a code that is good and one that is not."""
        connector = "trackstar"
        self.planting.know(connector, CODE)
        app = {"api_key": "sim-api-key", "base_url": self.urls[connector]}
        self.system.aws.store(f"/planster/test/apps/{connector}", app)
        for is_good in (False, True):
            begun = self.ask("POST", f"/connect/{connector}/begin", {"name": "By a dialogue"})
            code = installed(self.urls[connector], begun["link_token"]) if is_good else CODE
            self.planting.know(connector, code)
            self.ask("POST", f"/connect/{connector}/exchange", {"state": begun["state"], "auth_code": code})
        for query in (f"state=none&code={CODE}", f"state=none&error={CODE}&error_description={quoted(REMARK)}"):
            self.system.ask("GET", f"/v1/connect/callback?{query}")

    def _dead_letter(self) -> None:
        for queue in ("night", "manual"):
            entry = {"Id": "0", "MessageBody": "{}"}
            self.system.aws.sqs.send_message_batch(QueueUrl=self.system.aws.sqs.url(queue), Entries=[entry])
        for _ in range(6):
            self.system.work()


def secrets_of(connector: str, simulated: Simulated) -> list[str]:
    """The values of the credentials that are declared secret."""
    fields = registry.capabilities(connector).credentials.model_fields
    return [str(value) for name, value in simulated.good.items() if SecretStr.__name__ in str(fields[name].annotation)]


def tell(monkeypatch: pytest.MonkeyPatch, connector: str) -> Found:
    planting = Planting(maps={connector: _maps(connector)})
    with sealed_system(monkeypatch) as system, receiving() as receiver:
        plant(monkeypatch, planting)
        Story(system, planting, receiver).play(connector)
        return Found(_places(system, receiver), planting)


def _maps(connector: str) -> frozenset[str]:
    maps: frozenset[str] = import_module(f"tests.connectors.{connector}.subject").SUBJECT.maps
    return maps


def _places(system: SealedSystem, receiver: Receiver) -> dict[str, list[str]]:
    answers = system.answers
    diagnoses = [text for place, text in answers if place.endswith("/diagnose")]
    dead = [message.body for name in ("night", "manual") for message in system.aws.sqs.waiting(f"{name}-dead-letters")]
    return {
        "log lines, tracebacks and trace ids": system.log.getvalue().splitlines(),
        "metrics": system.metrics.getvalue().splitlines(),
        "errors that Lambda would log": system.errors,
        "events": [json.dumps(each) for each in system.aws.events],
        "queue messages": system.aws.sent,
        "digests by SNS": system.aws.digests,
        "dead letters": dead,
        "answers of the API: status, runs, errors, records": [text for _, text in answers],
        "bundles of diagnose": diagnoses,
        "notices to webhooks": [f"{each.path} {each.headers} {each.body.decode()}" for each in receiver.received],
        "control table: runs, streams, problems, write-backs": [
            json.dumps(each) for each in system.aws.written["control"]
        ],
        "records table: records, quarantine, corrections": [json.dumps(each) for each in system.aws.written["records"]],
        "objects: indexes, journals, exports": [_readable(each) for each in system.aws.put],
    }


def _readable(content: bytes) -> str:
    return (gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content).decode("latin-1")


def place_table(found: Sequence[Found]) -> str:
    head = "| place | looked through | secrets found | traces of people found |\n| --- | ---: | ---: | ---: |\n"
    rows = [
        (
            place,
            sum(len(each.texts[place]) for each in found),
            sum(len(each.secrets[place]) for each in found),
            sum(len(each.persons[place]) for each in found),
        )
        for place in found[0].texts
    ]
    return head + "".join(f"| {' | '.join(map(str, row))} |\n" for row in rows)


def connector_table(found: Mapping[str, Found]) -> str:
    head = "| connector | secrets | personal values in answers | records broken with one | failures that echo both |\n"
    told = {name: each.planting for name, each in found.items()}
    rows = [
        f"| {name} | {len(one.secrets[name])} | {one.planted[name]} | {one.broken[name]} | {one.failures[name]} |\n"
        for name, one in told.items()
    ]
    return f"{head}| --- | ---: | ---: | ---: | ---: |\n{''.join(rows)}"


def main() -> int:
    found = {}
    for connector in sys.argv[1:] or SIMULATED:
        with pytest.MonkeyPatch.context() as patches:
            found[connector] = tell(patches, connector)
    sys.stdout.write(f"{place_table(list(found.values()))}\n{connector_table(found)}")
    leaks = {
        (connector, place, each)
        for connector, one in found.items()
        for place in one.texts
        for each in one.secrets[place] | one.persons[place]
    }
    for connector, place, each in sorted(leaks):
        sys.stdout.write(f"FOUND of {connector} in {place}: {each[:60]}\n")
    return int(bool(leaks))


if __name__ == "__main__":
    sys.exit(main())
