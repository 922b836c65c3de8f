"""Where every use of the library begins: one organisation at one API."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

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

    def watch(self) -> Iterator[answers.StatusPage]:
        """The status now, and again whenever it changed; without end."""
        return watching.changes(self.transport, answers.StatusPage, self._status)

    def integration(self, name: str) -> OneIntegration:
        return OneIntegration(self.transport, self.id, name)

    @property
    def _status(self) -> str:
        return place("organisations", self.id, "status")
