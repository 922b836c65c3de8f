"""Canaries on the wire: between each connector and its simulated vendor, in answers, in failures and in their texts."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from planster_sync.http.messages import Answer, NoAnswer, Request
from planster_sync.http.redaction import is_credential_name
from planster_sync.http.transport import RequestsTransport

NAME, EMAIL, PHONE, STREET = "Canary Finchley", "canary.finch@example.test", "+44 7700 900147", "4711 Canary Wharf Lane"
TRACES_OF_PERSONS = ("canary", "7700 900147", "7700900147")
"""In small letters; what the simulators' own people leave is looked for as well: see `PEOPLE`."""
PEOPLE = ("example.test", "+000 555")
REMARK = f"{NAME}, {STREET}, {PHONE}, {EMAIL}"

_PERSON = re.compile(
    r"(first|last|full|given|family|contact|recipient|buyer|customer)_?name|e_?mail(_?address)?|(tele|mobile_?)?phone"
    r"(_?number)?|fax|address_?[123]|street[12]?|line_?[12]|attention|notes?|comments?|remarks?"
    r"|delivery_?instruction|gift_?(message|note)|packing_?note|return_?reason|reason",
    re.IGNORECASE,
)
_PARENTS = re.compile(
    r"consignee|ship_?to.*|bill_?to.*|sold_?to|recipient|contact|.*address|buyer|customer", re.IGNORECASE
)
_WORD = re.compile(r"id|status|state|type|kind", re.IGNORECASE)
"""Numbers that are names, or words of the vendor, which are kept beside ours."""
_TOKENS = ("access_token", "refresh_token", "id_token")


@dataclass
class Planting:
    """`secrets` are all that a vendor gave or was given; `planted` and `failures` count by connector.

    `failure` is what the next requests of the connector named `failing` meet, `left` of them.
    """

    ports: dict[int, str] = field(default_factory=dict)
    maps: dict[str, frozenset[str]] = field(default_factory=dict)
    secrets: dict[str, set[str]] = field(default_factory=dict)
    planted: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    failing: str = ""
    failure: Callable[[Request, str], Answer] | None = None
    left: int = 0
    breaking: bool = False

    def know(self, connector: str, *secrets: str) -> None:
        self.secrets.setdefault(connector, set()).update(each for each in secrets if len(each) >= 6)

    def meets(self, connector: str, failure: Callable[[Request, str], Answer], times: int) -> None:
        self.failing, self.failure, self.left = connector, failure, times

    def heals(self) -> None:
        self.failure = None

    def carry(self, connector: str, request: Request, exchange: Callable[[], Answer]) -> Answer:
        told = " ".join(f"{name}: {value}" for name, value in request.headers.items())
        shown = [value for name, value in request.headers.items() if is_credential_name(name)]
        self.know(connector, *shown, *(value.rpartition(" ")[2] for value in shown))
        if self.failure is not None and self.failing == connector and self.left > 0:
            self.left -= 1
            self.failures[connector] += 1
            body = (request.body or b"").decode(errors="replace")
            return self.failure(request, f"{told} {request.params} {body} {' '.join(sorted(self.secrets[connector]))}")
        answer = exchange()
        return Answer(answer.status, {**answer.headers, "x-canary": REMARK}, self._planted(connector, answer.body))

    def _planted(self, connector: str, body: bytes) -> bytes:
        try:
            document = json.loads(body)
        except ValueError:
            return body
        for node, parent in list(_objects(document, "", self.maps.get(connector, frozenset()))):
            self.know(connector, *(node[name] for name in _TOKENS if isinstance(node.get(name), str)))
            self._plant(connector, node, parent)
        if self.breaking:
            self._break(connector, document)
        return json.dumps(document).encode()

    def _plant(self, connector: str, node: dict[str, Any], parent: str) -> None:
        for name, value in node.items():
            is_person = _PERSON.fullmatch(name) or (name == "name" and _PARENTS.fullmatch(parent))
            if is_person and (value is None or isinstance(value, str)):
                node[name] = REMARK if "note" in name or "reason" in name else _fitting(name)
                self.planted[connector] += 1
        node["unknown_remark"] = REMARK
        self.planted[connector] += 1

    def _break(self, connector: str, document: Any) -> None:
        """A person's name where the first record of each list has a number."""
        for found in _lists(document):
            for node, _ in _objects(found[0], "", frozenset()):
                numbers = [
                    name for name, value in node.items() if type(value) in (int, float) and not _WORD.search(name)
                ]
                if numbers:
                    node[numbers[0]] = NAME
                    self.broken[connector] += 1
                    break


def _fitting(name: str) -> str:
    plain = name.lower()
    if "mail" in plain:
        return EMAIL
    if "phone" in plain or "fax" in plain:
        return PHONE
    return STREET if plain.startswith(("address", "street", "line")) else NAME


def _objects(node: Any, parent: str, maps: frozenset[str]) -> Iterator[tuple[dict[str, Any], str]]:
    if isinstance(node, dict):
        if parent not in maps:
            yield node, parent
        for name, inner in node.items():
            yield from _objects(inner, parent if parent in maps else name, frozenset() if parent in maps else maps)
    elif isinstance(node, list):
        for inner in node:
            yield from _objects(inner, parent, maps)


def _lists(node: Any) -> Iterator[list[dict[str, Any]]]:
    """The outermost lists of objects: a page's records."""
    if isinstance(node, list):
        if node and isinstance(node[0], dict):
            yield node
    elif isinstance(node, dict):
        for inner in node.values():
            yield from _lists(inner)


def _echo(status: int, **headers: str) -> Callable[[Request, str], Answer]:
    def fail(request: Request, told: str) -> Answer:
        body = {"error": told, "message": f"Invalid key {told}", "errors": [{"message": told, "path": [REMARK]}]}
        told_of = {"detail": told, "title": told, "customer": {"name": NAME, "email": EMAIL, "phone": PHONE}, **body}
        named = {"content-type": "application/json", "www-authenticate": f'Bearer error="{told}"', **headers}
        return Answer(status, named, json.dumps({**told_of, "Message": told, "request": request.path}).encode())

    return fail


def _body(content: Callable[[str], str], status: int = 200) -> Callable[[Request, str], Answer]:
    return lambda _, told: Answer(status, {"content-type": "text/plain"}, content(told).encode())


def _raised(reason: type[Exception]) -> Callable[[Request, str], Answer]:
    def fail(request: Request, told: str) -> Answer:
        raise NoAnswer(reason(f"{told} {REMARK}"), sent=True) from reason(told)

    return fail


FAILURES: Mapping[str, Callable[[Request, str], Answer]] = {
    "400 with an echo": _echo(400),
    "401 with an echo": _echo(401),
    "403 with an echo": _echo(403),
    "404 with an echo": _echo(404),
    "409 with an echo": _echo(409),
    "422 with an echo": _echo(422),
    "429 with an echo": _echo(429, **{"retry-after": "1"}),
    "500 with an echo": _echo(500),
    "503 with an echo": _echo(503),
    "a redirect with the secret": lambda _, told: Answer(302, {"location": f"https://u:{told}@a.test/?k={told}"}, b""),
    "a page of HTML": _body(lambda told: f"<html><title>{REMARK}</title>{told}</html>"),
    "JSON that breaks off": _body(lambda told: '{"data": [{"name": "' + f"{REMARK} {told}"),
    "JSON of another shape": _body(lambda told: json.dumps([REMARK, {"data": told, "items": REMARK}])),
    "an error in an answer of 200": _body(
        lambda told: json.dumps({"errors": [{"message": f"{told} {REMARK}", "code": 3}]})
    ),
    "a time-out": _raised(TimeoutError),
    "a broken connection": _raised(ConnectionResetError),
}
"""What a vendor does on a bad day, with everything that it knows in the text."""


def plant(monkeypatch: pytest.MonkeyPatch, planting: Planting) -> None:
    """Below the product's client, where an answer comes off the wire."""
    exchange = RequestsTransport.exchange

    def planted(self: RequestsTransport, request: Request, ends: datetime) -> Answer:
        connector = planting.ports.get(self._origin.port)
        if connector is None:
            return exchange(self, request, ends)
        return planting.carry(connector, request, lambda: exchange(self, request, ends))

    monkeypatch.setattr(RequestsTransport, "exchange", planted)
