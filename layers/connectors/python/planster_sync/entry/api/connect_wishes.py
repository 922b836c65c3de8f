"""What somebody wants of a new integration besides its credentials: judged once, whichever way it is connected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, Self

from planster_sync.engine import nights
from planster_sync.entry.api import history
from planster_sync.entry.api.connect_forms import faults_in_settings
from planster_sync.entry.api.shop import ApiShop
from planster_sync.errors import FieldsInvalid, SettingsInvalid
from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import Integration, IntegrationStatus, Schedule
from planster_sync.ports.source import Capabilities


class _Asked(Protocol):
    @property
    def zone(self) -> str: ...

    @property
    def hours(self) -> list[int]: ...

    @property
    def data_types(self) -> dict[DataType, bool]: ...

    @property
    def settings(self) -> dict[str, Any]: ...

    @property
    def history_from(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Wish:
    name: str
    schedule: Schedule
    disabled: frozenset[DataType]
    settings: dict[str, Any]
    history_from: str = history.ALL

    @classmethod
    def of(cls, name: str, ask: _Asked) -> Self:
        off = frozenset(each for each, is_on in ask.data_types.items() if not is_on)
        return cls(name, Schedule(ask.zone, tuple(sorted(set(ask.hours)))), off, ask.settings, ask.history_from)

    def require(self, capabilities: Capabilities, faults: Mapping[str, str], now: datetime) -> None:
        """Raises FieldsInvalid with `faults` and every one of its own."""
        found = {**faults, **faults_in_settings(capabilities, self.settings), **self._faults(capabilities, now)}
        if found:
            raise FieldsInvalid(found)

    def draft(self, organisation: str, id_: str, capabilities: Capabilities, now: datetime) -> Integration:
        return Integration(
            organisation=organisation,
            id=id_,
            connector=capabilities.name,
            name=self.name,
            status=IntegrationStatus.ACTIVE,
            schedule=self.schedule,
            created_at=now,
            settings=self.settings,
            disabled=self.disabled,
            history_from=history.floor_of(self.history_from, capabilities, now),
            awaits_credentials=True,
        )

    def named_alike(self, shop: ApiShop, organisation: str, connector: str) -> Integration | None:
        """The integration that has this name and is not on its way out; one of this connector first."""
        page = [found for found, _ in shop.integrations.status_page(organisation)]
        alike = [
            each
            for each in page
            if each.name.casefold() == self.name.casefold() and each.status is not IntegrationStatus.DISCONNECTING
        ]
        return min(alike, key=lambda each: each.connector != connector, default=None)

    def _faults(self, capabilities: Capabilities, now: datetime) -> dict[str, str]:
        faults = {
            f"data_types.{each.value}": f"{capabilities.title} does not serve {each.value}."
            for each in sorted(self.disabled)
            if capabilities.read_of(each) is None
        }
        try:
            nights.check(self.schedule)
        except SettingsInvalid as wrong:
            faults["zone"] = f"{wrong.what} Name a zone such as Europe/Berlin."
        try:
            history.floor_of(self.history_from, capabilities, now)
        except FieldsInvalid as wrong:
            faults.update(wrong.fields)
        return faults


def capabilities_of(shop: ApiShop, connector: str) -> Capabilities:
    """Raises FieldsInvalid where there is no such connector."""
    names = shop.connectors()
    if connector not in names:
        raise FieldsInvalid({"connector": f"There is no connector of this name; there are {', '.join(names)}."})
    return shop.capabilities(connector)
