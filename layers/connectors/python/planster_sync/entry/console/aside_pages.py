"""What was set aside: source records that could not be understood, with the reasons; and looking at them anew."""

from __future__ import annotations

from dataclasses import dataclass

from aws_lambda_powertools.event_handler import Response

from planster_sync.entry.api.integrations import IntegrationRoutes
from planster_sync.entry.api.quarantine import QuarantineRoutes
from planster_sync.entry.console.desk import Desk
from planster_sync.entry.console.navigation import place
from planster_sync.entry.console.records_pages import kind_of
from planster_sync.model.data_types import DataType


@dataclass(frozen=True, slots=True)
class AsidePages:
    desk: Desk

    def list_all(self, integration: str) -> Response[str]:
        """What one list has set aside: the one that was asked for, else the one that has set aside the most."""
        detail = IntegrationRoutes(self.desk.shop).show(self.desk.organisation, integration)
        lists = {each.read: each for each in reversed(detail.data_types) if each.read is not None}
        for each in detail.data_types:
            if each.read is not None and (each.quarantined or not lists[each.read].quarantined):
                lists[each.read] = each
        kinds = sorted(lists.values(), key=lambda each: (-each.quarantined, list(DataType).index(each.data_type)))
        asked = self.desk.one_of(DataType, self.desk.query("data_type"))
        kind = asked or next((each.data_type for each in kinds), None)
        found = None
        if kind is not None:
            after = self.desk.query("after") or None
            found = QuarantineRoutes(self.desk.shop).list_all(self.desk.organisation, integration, kind, after=after)
        return self.desk.show("aside.html", detail=detail, lists=kinds, data_type=kind, found=found)

    def retry(self, integration: str, data_type: str) -> Response[str]:
        """Has the next sync look at all of them anew."""
        kind = kind_of(self.desk, data_type)
        QuarantineRoutes(self.desk.shop).retry(self.desk.organisation, integration, kind)
        return self.desk.go(place("integrations", integration, "aside"), data_type=kind.value, notice="look_again")
