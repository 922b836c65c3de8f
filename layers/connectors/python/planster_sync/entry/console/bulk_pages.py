"""Many corrections at once, by CSV: tried first, line by line, then put in force."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from planster_sync.engine.correcting import ADJUSTABLE
from planster_sync.entry.api.adjustment_views import BulkForm, BulkView, Effect
from planster_sync.entry.api.adjustments import AdjustmentRoutes
from planster_sync.entry.api.integrations import IntegrationRoutes
from planster_sync.entry.api.problems import status_of
from planster_sync.entry.console.correction_pages import correctable
from planster_sync.entry.console.desk import Desk
from planster_sync.entry.console.forms import filled
from planster_sync.entry.console.navigation import place
from planster_sync.errors import RefuseCaller, SyncError
from planster_sync.model.data_types import DataType

EXAMPLES = {
    DataType.INVENTORY_LEVELS: "sku,on_hand,reason\nMUG-1,8,counted by hand\n",
    DataType.PRODUCTS: "sku,unit_cost.amount,unit_cost.currency\nMUG-1,4.20,EUR\n",
}


@dataclass(frozen=True, slots=True)
class BulkPages:
    desk: Desk

    def show(self, integration: str) -> Response[str]:
        kind = self.desk.one_of(DataType, self.desk.query("data_type")) or DataType.INVENTORY_LEVELS
        return self._page(integration, kind)

    def take(self, integration: str) -> Response[str]:
        """A dry run shows what each line does; only the button that says so puts the lines in force."""
        form = self.desk.form
        kind = self.desk.one_of(DataType, form.text("data_type")) or DataType.INVENTORY_LEVELS
        try:
            asked = filled(
                BulkForm,
                {
                    "data_type": kind,
                    "effect": form.text("effect") or Effect.DRY_RUN,
                    "csv": form.text("csv"),
                    "reason": form.text("reason"),
                },
            )
            view = AdjustmentRoutes(self.desk.shop, self.desk.app).make_many(self.desk.organisation, integration, asked)
        except RefuseCaller as refusal:
            return self._page(integration, kind, refusal=refusal)
        if view.applied:
            home = place("integrations", integration, "corrections")
            return self.desk.go(home, data_type=kind.value, notice="corrected_many")
        return self._page(integration, kind, view)

    def _page(
        self, integration: str, kind: DataType, view: BulkView | None = None, refusal: SyncError | None = None
    ) -> Response[str]:
        detail = IntegrationRoutes(self.desk.shop).show(self.desk.organisation, integration)
        form = self.desk.app.context.get("form")
        return self.desk.show(
            "bulk.html",
            status_of(refusal) if refusal else HTTPStatus.OK,
            detail=detail,
            types=correctable(detail),
            data_type=kind,
            columns=ADJUSTABLE.get(kind, ()),
            example=EXAMPLES.get(kind, ""),
            csv=form.text("csv") if form else "",
            reason=form.text("reason") if form else "",
            view=view,
            refusal=refusal,
        )
