"""What each connector can do, from its own declaration: connectors by data types, and what it writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aws_lambda_powertools.event_handler import Response

from planster_sync.entry.console.desk import Desk
from planster_sync.ports.source import Capabilities


@dataclass(frozen=True, slots=True)
class MatrixPages:
    desk: Desk
    connectors: Sequence[str]

    def show(self) -> Response[str]:
        declared: list[Capabilities] = [self.desk.shop.capabilities(name) for name in self.connectors]
        return self.desk.show("connectors.html", declared=sorted(declared, key=lambda each: each.title.lower()))
