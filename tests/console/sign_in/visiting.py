"""A browser over the whole console, with the cookies that it was given and no others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from aws_lambda_powertools.utilities.typing import LambdaContext

from planster_sync.entry.console.app import build_console
from planster_sync.entry.console.forms import FORM
from tests.console.sign_in.browsing import HOST, Console
from tests.console.visit import Seen, text_of
from tests.engine.world import World
from tests.integration.api.caller import http_event, shop_of


class VisitingBrowser:
    origin = f"http://{HOST}"

    def __init__(self, console: Console) -> None:
        self.console = console
        self.cookies: dict[str, str] = {}
        self._app = build_console(shop_of(World()), console.visitors, (), lambda: "key", lambda: console.login)

    @property
    def form_token(self) -> str:
        return self.console.sessions.rows[self.cookies["planster_session"]].form_token

    def signs_in(self, subject: str = "ada") -> None:
        address = self.console.issuer.approve(self.get("/console/login").headers["location"], subject)
        assert self.get(address).status == 303

    def get(self, address: str) -> Seen:
        parts = urlsplit(address)
        return self._send(http_event("GET", f"{parts.path}?{parts.query}", headers={"host": HOST}))

    def post(self, address: str, *, token: str, origin: str | None) -> Seen:
        headers = {"host": HOST, "content-type": FORM} | ({"origin": origin} if origin is not None else {})
        return self._send(http_event("POST", address, urlencode({"form_token": token}), headers))

    def _send(self, event: dict[str, Any]) -> Seen:
        event["cookies"] = [f"{name}={value}" for name, value in self.cookies.items()]
        answer = self._app.resolve(event, LambdaContext())
        self._keep(answer)
        headers = {name.lower(): str(value) for name, value in answer["headers"].items()}
        return Seen(answer["statusCode"], headers, text_of(answer))

    def _keep(self, answer: Mapping[str, Any]) -> None:
        for text in answer.get("cookies") or ():
            pair, _, attributes = str(text).partition("; ")
            name, _, value = pair.partition("=")
            self.cookies[name] = value
            if "Max-Age=0" in attributes:
                del self.cookies[name]
