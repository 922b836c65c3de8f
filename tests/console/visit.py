"""Asks the console for pages as API Gateway does."""

from __future__ import annotations

import gzip
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from aws_lambda_powertools.utilities.typing import LambdaContext

from planster_sync.connectors import registry
from planster_sync.entry.api.shop import ApiShop
from planster_sync.entry.console.app import build_console
from planster_sync.entry.console.forms import FORM
from planster_sync.entry.console.visitors import Visitor
from tests.console.known import PLANNER, KnownVisitors
from tests.integration.api.caller import http_event

HOST = "console.example.test"


@dataclass(frozen=True, slots=True)
class Seen:
    """A page as a browser gets it."""

    status: int
    headers: dict[str, str]
    text: str


class Console:
    """The console over collaborators, visited by somebody, or by nobody."""

    def __init__(self, shop: ApiShop, visitor: Visitor | None = PLANNER) -> None:
        self._keys = iter(range(1, 1_000_000))
        self._app = build_console(shop, KnownVisitors(), registry.names(), lambda: f"key-{next(self._keys)}")
        self._visitor = visitor

    def get(self, address: str, **headers: str) -> Seen:
        return self.send(http_event("GET", address, headers=self._headers(headers)))

    def post(self, address: str, fields: Mapping[str, Any] | None = None, **headers: str) -> Seen:
        token = {"form_token": self._visitor.form_token} if self._visitor else {}
        body = urlencode({**token, **(fields or {})}, doseq=True)
        told = {"content-type": FORM, "origin": f"https://{HOST}", **headers}
        return self.send(http_event("POST", address, body, headers=self._headers(told)))

    def raw(self, event: dict[str, Any]) -> dict[str, Any]:
        """The answer as Lambda hands it to API Gateway."""
        return self._app.resolve(event, LambdaContext())

    def send(self, event: dict[str, Any]) -> Seen:
        answer = self.raw(event)
        headers = {name.lower(): str(value) for name, value in answer["headers"].items()}
        return Seen(answer["statusCode"], headers, text_of(answer))

    def _headers(self, told: Mapping[str, str]) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in told.items()}
        cookie = {"cookie": f"visitor={self._visitor.subject}"} if self._visitor else {}
        return {"host": HOST, **cookie, **named}


def text_of(answer: Mapping[str, Any]) -> str:
    """The body as text, whatever it was packed in."""
    body = str(answer.get("body") or "")
    if not answer.get("isBase64Encoded"):
        return body
    raw = b64decode(body)
    return (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode()
