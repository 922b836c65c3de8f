"""What the template hands to the functions through the environment; a typing mistake is named at start.

docs/configuration.md explains each. TIMING_<NAME> overrides the field of the same name of `Timings`, in seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from enum import StrEnum
from typing import Annotated, Any, Self, get_type_hints

import msgspec
from msgspec import Meta

from planster_sync.errors import SettingsInvalid
from planster_sync.model.runs import Lane
from planster_sync.model.timings import Timings

TIMING = "TIMING_"
_REMEDY = "Correct the template or its parameters; docs/configuration.md explains each."


class VendorNetwork(StrEnum):
    """Which addresses connectors may call; LOOPBACK is for simulators on the same machine."""

    PUBLIC = "public"
    LOOPBACK = "loopback"


class ApiAuthorization(StrEnum):
    """How the gateway checks who calls the API; NONE is for a machine of one's own."""

    IAM = "AWS_IAM"
    JWT = "JWT"
    NONE = "NONE"


Name = Annotated[str, Meta(min_length=3)]
Address = Annotated[str, Meta(pattern="^https?://")]


@dataclass(frozen=True, slots=True)
class Settings:
    """Each field comes from the variable of its name in capitals; `timings` from TIMING_*."""

    control_table: Name
    records_table: Name
    index_bucket: Name
    night_queue_url: Address
    manual_queue_url: Address
    event_bus: Annotated[str, Meta(min_length=1)]
    worker_function: Name
    secret_prefix: Annotated[str, Meta(pattern="^/.*[^/]$")]
    webhook_secret_prefix: Annotated[str, Meta(pattern="^/.*[^/]$")]
    vendor_network: VendorNetwork = VendorNetwork.PUBLIC
    console_issuer: str = ""
    console_client_id: str = ""
    api_authorization: ApiAuthorization = ApiAuthorization.IAM
    organisation_requests_per_minute: Annotated[int, Meta(ge=1, le=1_000_000)] = 600
    digest_topic: str = ""
    slot_spread_seconds: Annotated[int, Meta(ge=0, le=3600)] = 3600
    sync_cooldown_seconds: Annotated[int, Meta(ge=0, le=86400)] = 300
    full_sync_cooldown_seconds: Annotated[int, Meta(ge=0, le=604800)] = 86400
    timings: Timings = field(default_factory=Timings)

    @property
    def queue_urls(self) -> Mapping[Lane, str]:
        return {Lane.NIGHT: self.night_queue_url, Lane.MANUAL: self.manual_queue_url}

    @property
    def registration_prefix(self) -> str:
        """Where the deployment's own registrations with vendors lie: beside all organisations' secrets."""
        return f"{self.secret_prefix.rpartition('/')[0]}/apps"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Raises SettingsInvalid naming every variable that is missing, malformed or, among TIMING_*, unknown."""
        values: dict[str, Any] = {"timings": timings_from(environment)}
        kinds, faults = get_type_hints(cls, include_extras=True), []
        for variable, each in VARIABLES.items():
            try:
                if variable in environment:
                    values[each.name] = msgspec.convert(environment[variable], kinds[each.name], strict=False)
                elif each.default is MISSING:
                    faults.append(f"{variable}: it is missing")
            except msgspec.ValidationError as error:
                faults.append(f"{variable}: {error}")
        if faults:
            raise SettingsInvalid(f"The environment is not complete: {'; '.join(faults)}.", remedy=_REMEDY)
        return cls(**values)


VARIABLES = {each.name.upper(): each for each in fields(Settings) if each.name != "timings"}
"""By their names in the environment, TIMING_* aside."""


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
