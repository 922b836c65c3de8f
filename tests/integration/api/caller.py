"""Calls the API as API Gateway does: payload version 2 in, status, headers and JSON out."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec
from aws_lambda_powertools.utilities.typing import LambdaContext

from planster_sync.engine.answering import Respondent
from planster_sync.engine.write_requests import WriteRequests
from planster_sync.entry.api.app import build_app
from planster_sync.entry.api.caller import TRUSTED_MACHINE
from planster_sync.entry.api.overlays import OverlaidRecords
from planster_sync.entry.api.quotas import Quotas
from planster_sync.entry.api.shop import ApiShop
from planster_sync.ports.connecting import BeginAnswer, BeginQuestion, ExchangeAnswer, ExchangeQuestion
from planster_sync.ports.questions import CheckAnswer, CheckQuestion, LookUpAnswer, LookUpQuestion
from tests.engine.world import World
from tests.fakes.memory_connecting import MemorySecrets, ScriptedExchanges
from tests.fakes.memory_exports import MemoryExportFiles, MemoryExports
from tests.fakes.memory_records import MemoryCorrections
from tests.fakes.memory_records_reader import MemoryRecordsReader
from tests.fakes.webhook_office import Office

HOME = "/v1/organisations/org1/integrations"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: Any


def http_event(
    method: str, address: str, body: str | None = None, headers: dict[str, str] | None = None, **context: Any
) -> dict[str, Any]:
    """An HTTP API event; `address` is path and query as a client writes them, decoded here as API Gateway does."""
    parts = urlsplit(address)
    path = unquote(parts.path)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "ANY /v1/{proxy+}",
        "rawPath": path,
        "rawQueryString": parts.query,
        "headers": {"content-type": "application/json", "host": "api.example.test", **(headers or {})},
        "requestContext": {
            "accountId": "000000000000",
            "requestId": "request-1",
            "stage": "$default",
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1"},
            **context,
        },
        "isBase64Encoded": False,
    }
    if query:
        event["queryStringParameters"] = query
    return event if body is None else {**event, "body": body}


EVERY_SCOPE = "planster/read planster/operate planster/admin"


def token(organisation: str | None = "org1", subject: str = "user-7", scope: str = EVERY_SCOPE) -> dict[str, Any]:
    """What API Gateway says of a token that it has verified."""
    claims = {"sub": subject, "scope": scope, "exp": "1772332200"} | (
        {"organisation": organisation} if organisation else {}
    )
    return {"jwt": {"claims": claims, "scopes": None}}


def shop_of(world: World, **changes: Any) -> ApiShop:
    corrections = MemoryCorrections(world.stores.adjustments)
    parts = {
        "integrations": world.stores.integrations,
        "nights": world.stores.nights,
        "runs": world.stores.runs,
        "streams": world.stores.streams,
        "records": OverlaidRecords(MemoryRecordsReader(world.stores.records), corrections),
        "adjustments": corrections,
        "worker": OverJson(world),
        "quarantine": world.stores.quarantine,
        "asked_syncs": world.stores.asked_syncs,
        "disconnections": world.stores.disconnections,
        "exports": MemoryExports(),
        "files": MemoryExportFiles(),
        "starter": world.starter,
        "writer": WriteRequests(world.stores.writes, world.write_queue, world.clock, world.timings),
        "webhooks": Office(world).desk,
        "capabilities": lambda name: world.source.declared,
        "connectors": lambda: ("scripted",),
        "keeper": MemorySecrets(),
        "consents": world.stores.consents,
        "clock": world.clock,
        "timings": world.timings,
        "journal": world.journal,
        "anonymous": TRUSTED_MACHINE,
        "quotas": Quotas(Unlimited(), world.clock, 600),
    }
    return ApiShop(**{**parts, **changes})


class Unlimited:
    """A counter under which nothing is too much."""

    def take(self, organisation: str, minute: datetime, count: int, most: int) -> bool:
        return True


class OverJson:
    """The worker's answers as Lambda carries them; its world is the API's."""

    def __init__(self, world: World, exchanges: ScriptedExchanges | None = None) -> None:
        shop = world.shop()
        exchanges = exchanges or ScriptedExchanges()
        self._respondent = Respondent(shop.integrations, shop.capabilities, shop.connect, shop.clock, exchanges)

    def check(self, question: CheckQuestion) -> CheckAnswer:
        return msgspec.json.decode(msgspec.json.encode(self._respondent.check(question)), type=CheckAnswer)

    def look_up(self, question: LookUpQuestion) -> LookUpAnswer:
        return msgspec.json.decode(msgspec.json.encode(self._respondent.look_up(question)), type=LookUpAnswer)

    def begin(self, question: BeginQuestion) -> BeginAnswer:
        return msgspec.json.decode(msgspec.json.encode(self._respondent.begin(question)), type=BeginAnswer)

    def exchange(self, question: ExchangeQuestion) -> ExchangeAnswer:
        return msgspec.json.decode(msgspec.json.encode(self._respondent.exchange(question)), type=ExchangeAnswer)


@dataclass
class Api:
    """The application over a world in memory."""

    world: World = field(default_factory=World)
    changes: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._app = build_app(shop_of(self.world, **self.changes))

    def get(self, address: str, **context: Any) -> Answer:
        return self.send(http_event("GET", address, **context))

    def post(self, address: str, body: Any = None, **context: Any) -> Answer:
        text = None if body is None else body if isinstance(body, str) else json.dumps(body)
        return self.send(http_event("POST", address, text, **context))

    def patch(self, address: str, body: Any, **context: Any) -> Answer:
        return self.send(http_event("PATCH", address, json.dumps(body), **context))

    def delete(self, address: str, **context: Any) -> Answer:
        return self.send(http_event("DELETE", address, **context))

    def raw(self, event: dict[str, Any]) -> dict[str, Any]:
        """The answer as Lambda hands it to API Gateway."""
        return self._app.resolve(event, LambdaContext())

    def send(self, event: dict[str, Any]) -> Answer:
        answer = self.raw(event)
        headers = {name: str(value) for name, value in answer["headers"].items()}
        return Answer(answer["statusCode"], headers, json.loads(answer["body"]) if answer["body"] else None)
