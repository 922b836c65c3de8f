"""What the template hands to the functions through the environment; a typing mistake is named at start.

docs/configuration.md explains each. TIMING_<NAME> overrides the field of the same name of `Timings`, in seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from enum import StrEnum
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from planster_sync.errors import SettingsInvalid
from planster_sync.model.runs import Lane
from planster_sync.model.timings import Timings

TIMING = "TIMING_"
_REMEDY = "Correct the template or its parameters; docs/configuration.md explains each."


class VendorNetwork(StrEnum):
    """Which addresses connectors may call; LOOPBACK is for simulators on the same machine."""

    PUBLIC = "public"
    LOOPBACK = "loopback"


class Settings(BaseModel):
    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    control_table: str = Field(alias="CONTROL_TABLE", min_length=3)
    records_table: str = Field(alias="RECORDS_TABLE", min_length=3)
    index_bucket: str = Field(alias="INDEX_BUCKET", min_length=3)
    night_queue_url: str = Field(alias="NIGHT_QUEUE_URL", pattern="^https?://")
    manual_queue_url: str = Field(alias="MANUAL_QUEUE_URL", pattern="^https?://")
    event_bus: str = Field(alias="EVENT_BUS", min_length=1)
    secret_prefix: str = Field(alias="SECRET_PREFIX", pattern="^/.*[^/]$")
    vendor_network: VendorNetwork = Field(alias="VENDOR_NETWORK", default=VendorNetwork.PUBLIC)
    slot_spread_seconds: int = Field(alias="SLOT_SPREAD_SECONDS", ge=0, le=3600, default=3600)
    timings: Timings = Field(default_factory=Timings)

    @property
    def queue_urls(self) -> Mapping[Lane, str]:
        return {Lane.NIGHT: self.night_queue_url, Lane.MANUAL: self.manual_queue_url}

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Raises SettingsInvalid naming every variable that is missing, malformed or, among TIMING_*, unknown."""
        timings = timings_from(environment)
        aliases = [field.alias for field in cls.model_fields.values() if field.alias]
        known = {alias: environment[alias] for alias in aliases if alias in environment}
        try:
            return cls.model_validate({**known, "timings": timings})
        except ValidationError as error:
            faults = sorted(f"{fault['loc'][0]}: {fault['msg']}" for fault in error.errors(include_input=False))
            raise SettingsInvalid(f"The environment is not complete: {'; '.join(faults)}.", remedy=_REMEDY) from None


def timings_from(environment: Mapping[str, str]) -> Timings:
    """The times of this deployment; their ratios are checked."""
    given = {name: text for name, text in environment.items() if name.startswith(TIMING)}
    known = {f"{TIMING}{field.name.upper()}": field for field in fields(Timings)}
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise SettingsInvalid(f"There is no timing {', '.join(unknown)}.", remedy=_REMEDY)
    values: dict[str, Any] = {known[name].name: _number(name, text, known[name].type) for name, text in given.items()}
    return Timings(**values)


def _number(name: str, text: str, kind: object) -> float:
    """Whole numbers stay whole; a count that is none is refused. (`kind` is a dataclass field's annotation.)"""
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 < number < 1e7 or (kind in (int, "int") and not number.is_integer()):
        raise SettingsInvalid(f"{name} is not a positive number.", remedy=_REMEDY)
    return int(number) if number.is_integer() else number
