"""Settings: when an integration is synced, what of it, and which deletions wait for a person. Pause and resume."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response

from planster_sync.entry.api.history import ALL, FIELD
from planster_sync.entry.api.integrations import IntegrationRoutes
from planster_sync.entry.api.settings import SettingsChange, SettingsRoutes, SettingsView
from planster_sync.entry.console.desk import Desk
from planster_sync.entry.console.forms import Form, filled
from planster_sync.entry.console.navigation import place
from planster_sync.entry.console.zones import zones
from planster_sync.errors import Conflict, FieldsInvalid, InvalidRequest

PERCENTS = ("share", "count_share")


@dataclass(frozen=True, slots=True)
class PreferencePages:
    desk: Desk

    def show(self, integration: str) -> Response[str]:
        return self._page(integration, self._routes.show(self.desk.organisation, integration), {})

    def change(self, integration: str) -> Response[str]:
        """Stores what the form says; where a field is wrong, shows it as it was typed, with the reason."""
        before = self._routes.show(self.desk.organisation, integration)
        try:
            change = filled(SettingsChange, _asked(self.desk.form, before))
            self._routes.change(self.desk.organisation, integration, change)
        except FieldsInvalid as wrong:
            return self._page(integration, before, dict(wrong.fields))
        except Conflict as wrong:
            return self._page(integration, before, {FIELD: f"{wrong.what} {wrong.remedy}"})
        except InvalidRequest as wrong:
            return self._page(integration, before, {"zone": f"{wrong.what} {wrong.remedy}"})
        return self.desk.go(place("integrations", integration, "settings"), notice="saved")

    def pause(self, integration: str) -> Response[str]:
        self._routes.pause(self.desk.organisation, integration)
        return self.desk.go(place("integrations", integration, "settings"), notice="paused")

    def resume(self, integration: str) -> Response[str]:
        self._routes.resume(self.desk.organisation, integration)
        return self.desk.go(place("integrations", integration, "settings"), notice="resumed")

    @property
    def _routes(self) -> SettingsRoutes:
        return SettingsRoutes(self.desk.shop)

    def _page(self, integration: str, settings: SettingsView, faults: Mapping[str, str]) -> Response[str]:
        detail = IntegrationRoutes(self.desk.shop).show(self.desk.organisation, integration)
        typed = self.desk.form if faults else None
        return self.desk.show(
            "settings.html",
            HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
            detail=detail,
            settings=settings,
            shown=_shown(settings, typed),
            faults=faults,
            zones=zones(),
        )


def _asked(form: Form, before: SettingsView) -> dict[str, Any]:
    """The fields in the words of the API; shares are typed in percent."""
    on = set(form.texts("data_types"))
    guard = {
        name: _share(form.text(name)) if name in PERCENTS else _whole(form.text(name)) for name in (*PERCENTS, "count")
    }
    return {
        "name": form.text("name"),
        "zone": form.text("zone"),
        "hours": [_whole(hour) for hour in form.texts("hours")],
        "data_types": {each.value: each.value in on for each in before.data_types},
        "snapshot_days": _whole(form.text("snapshot_days")),
        "deletion_guard": guard,
        **({FIELD: form.text(FIELD) or ALL} if before.history_of else {}),
    }


def _whole(number: str) -> int | str:
    """The number that was typed; the API says what is wrong with what is none."""
    return int(number) if number.isascii() and number.isdecimal() else number


def _share(percent: str) -> Any:
    try:
        return float(percent) / 100
    except ValueError:
        return percent


def _shown(settings: SettingsView, typed: Form | None) -> dict[str, Any]:
    """What the fields hold: what was typed, or what is stored."""
    if typed is not None:
        names = ("name", "zone", "snapshot_days", FIELD, *PERCENTS, "count")
        shown: dict[str, Any] = {name: typed.text(name) for name in names}
        return {**shown, "hours": typed.texts("hours"), "data_types": typed.texts("data_types")}
    guard = settings.deletion_guard
    return {
        "name": settings.name,
        "zone": settings.zone,
        "hours": [str(hour) for hour in settings.hours],
        "data_types": [each.value for each, is_on in settings.data_types.items() if is_on],
        "snapshot_days": settings.snapshot_days,
        FIELD: settings.history_from or "",
        "share": f"{guard.share * 100:g}",
        "count_share": f"{guard.count_share * 100:g}",
        "count": guard.count,
    }
