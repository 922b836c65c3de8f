"""Where every use of the library begins: one organisation at one API."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from planster_client import answers, watching
from planster_client.integration import OneIntegration
from planster_client.transport import Transport, place


@dataclass(frozen=True, slots=True)
class Organisation:
    """The tenant, seen through its API.

    >>> shop = Organisation(Transport("https://api.example.test", auth), "org_1")
    >>> for run in shop.integration("main").follow(shop.integration("main").sync().run): print(run.state)
    """

    transport: Transport
    id: str

    def status(self) -> answers.StatusPage:
        """Every integration with each of its data types, and the worst of them all."""
        return self.transport.ask(answers.StatusPage, "GET", self._status)

    def freshness(self) -> answers.Freshness:
        """How often the data was there by six in the morning, and what was missed."""
        return self.transport.ask(answers.Freshness, "GET", place("organisations", self.id, "freshness"))

    def watch(self) -> Iterator[answers.StatusPage]:
        """The status now, and again whenever it changed; without end."""
        return watching.changes(self.transport, answers.StatusPage, self._status)

    def integration(self, name: str) -> OneIntegration:
        return OneIntegration(self.transport, self.id, name)

    def connectors(self) -> answers.ConnectorList:
        """Every system of which accounts can be connected, each with its form."""
        return self.transport.ask(answers.ConnectorList, "GET", place("organisations", self.id, "connectors"))

    def connect(self, connector: str, name: str, credentials: Mapping[str, Any], **wanted: Any) -> answers.Connected:
        """Connects, checks and starts the first load; under the same name again it changes nothing.

        `wanted` is zone, hours, data_types, settings and history_from, as the API has them.
        """
        body = {"connector": connector, "name": name, "credentials": dict(credentials), **wanted}
        return self.transport.ask(answers.Connected, "POST", place("organisations", self.id, "integrations"), body)

    def begin(self, connector: str, **wanted: Any) -> answers.Begun:
        """Begins a consent: `name` and what `connect` wants besides, or the `integration` that is connected again."""
        return self.transport.ask(answers.Begun, "POST", self._consent(connector, "begin"), wanted)

    def exchange(self, connector: str, state: str, code: str) -> answers.Connected:
        """Ends a link that was begun by the code of its dialogue."""
        body = {"state": state, "auth_code": code}
        return self.transport.ask(answers.Connected, "POST", self._consent(connector, "exchange"), body)

    def webhooks(self) -> answers.WebhookList:
        return self.transport.ask(answers.WebhookList, "GET", self._webhooks())

    def add_webhook(self, url: str, kinds: Sequence[str] = ()) -> answers.Webhook:
        """The answer has the secret, which is shown this once; no kinds: everything is told."""
        body = {"url": url, **({"kinds": list(kinds)} if kinds else {})}
        return self.transport.ask(answers.Webhook, "POST", self._webhooks(), body)

    def remove_webhook(self, webhook: str) -> answers.Accepted:
        return self.transport.ask(answers.Accepted, "DELETE", self._webhooks(webhook))

    def rotate_webhook_secret(self, webhook: str) -> answers.Webhook:
        """The answer has the new secret, which is shown this once."""
        return self.transport.ask(answers.Webhook, "POST", self._webhooks(webhook, "rotate"))

    def resume_webhook(self, webhook: str) -> answers.Webhook:
        return self.transport.ask(answers.Webhook, "POST", self._webhooks(webhook, "resume"))

    def test_webhook(self, webhook: str) -> answers.Delivery:
        """Sends one notice that means nothing."""
        return self.transport.ask(answers.Delivery, "POST", self._webhooks(webhook, "test"))

    def webhook_deliveries(self, webhook: str, page: int = 50) -> Iterator[answers.Delivery]:
        """Newest first, of thirty days."""
        path = self._webhooks(webhook, "deliveries")
        return self.transport.pages(answers.Delivery, "deliveries", path, {"limit": page})

    def _webhooks(self, *more: str) -> str:
        return place("organisations", self.id, "webhooks", *more)

    def _consent(self, connector: str, step: str) -> str:
        return place("organisations", self.id, "connect", connector, step)

    @property
    def _status(self) -> str:
        return place("organisations", self.id, "status")
