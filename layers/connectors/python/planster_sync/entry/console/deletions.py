"""Deletions that wait for a person: what would go, and the decision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from aws_lambda_powertools.event_handler import Response

from planster_sync.entry.api.held import Decided, DecisionRequest, HeldRoutes
from planster_sync.entry.api.integrations import IntegrationRoutes
from planster_sync.entry.console.desk import Desk
from planster_sync.entry.console.forms import filled
from planster_sync.entry.console.navigation import place
from planster_sync.model.data_types import DataType


@dataclass(frozen=True, slots=True)
class DeletionPages:
    desk: Desk

    def list_all(self, integration: str) -> Response[str]:
        shop, organisation = self.desk.shop, self.desk.organisation
        detail = IntegrationRoutes(shop).show(organisation, integration)
        held = HeldRoutes(shop).list_all(organisation, integration)
        return self.desk.show("held.html", detail=detail, held=held.held)

    def approve(self, integration: str, data_type: str) -> Response[str]:
        return self._decide(HeldRoutes(self.desk.shop).approve, integration, data_type)

    def reject(self, integration: str, data_type: str) -> Response[str]:
        return self._decide(HeldRoutes(self.desk.shop).reject, integration, data_type)

    def _decide(self, decide: Callable[..., Decided], integration: str, data_type: str) -> Response[str]:
        ask = filled(DecisionRequest, {"run": self.desk.form.text("run")})
        kind = self.desk.one_of(DataType, data_type)
        decided = decide(self.desk.organisation, integration, kind, ask)
        return self.desk.go(place("integrations", integration, "held"), notice=decided.decision.value)
