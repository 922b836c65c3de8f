"""The three kinds of facts that a bill rests on, each in one dated file: prices, measured usage, and profiles."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from planster_sync.errors import SettingsInvalid

HERE = Path(__file__).parent
PROFILES = ("small", "typical", "large")

Confidence = Literal["page", "secondary", "memory"]
Usage = Mapping[str, float]
"""How much of what is billed, by the names of `prices.toml`, in the units that stand there."""


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Price(_Facts):
    """What `per` units cost."""

    title: str
    dollars: float = Field(ge=0)
    per: float = Field(gt=0)
    unit: str
    confidence: Confidence
    source: str


class Alternative(_Facts):
    """What somebody else publishes as the price of similar work: by row moved, by integration, or both."""

    title: str
    dollars_per_month: float = Field(default=0, ge=0)
    included_integrations: int = Field(default=0, ge=0)
    dollars_per_integration: float = Field(default=0, ge=0)
    dollars_per_million_rows: float = Field(default=0, ge=0)
    date: date
    confidence: Confidence
    source: str


class Prices(_Facts):
    date: date
    region: str
    items: Mapping[str, Price]
    alternatives: tuple[Alternative, ...]


class Measured(_Facts):
    """What the code was seen to use, per piece of work; seconds are of one vCPU, bytes as they are stored."""

    date: date
    source: str
    provisional: bool
    worker_mb: float
    segment_seconds: float = Field(gt=0)
    checkpoint_seconds: float = Field(gt=0)
    index_bytes: float
    item_overhead_bytes: float
    task_cpu_seconds: float
    task_seconds: float
    record_cpu_seconds: float
    write_cpu_seconds: float
    task: Usage
    page: Usage
    checkpoint: Usage
    segment: Usage
    run: Usage
    tick: Usage
    api_request: Usage
    month: Usage
    metrics_by_data_type: float


class ReadProfile(_Facts):
    """One read of one integration. Shares are of its source records, a night.

    `outputs` is how many unified records one source record becomes, `bytes` the size of one as it is stored.
    """

    records: float = Field(ge=0)
    bytes: float = Field(gt=0, le=400 * 1024)
    changed: float = Field(ge=0, le=1)
    created: float = Field(ge=0, le=1)
    deleted: float = Field(ge=0, le=1)
    outputs: float = Field(default=1, gt=0)
    incremental: bool = False
    sku: bool = False


class Profile(_Facts):
    """One integration in one month; `first_loads` is the share of integrations that were connected in it.

    `active_hours` is in how many hours of a day some integration's night falls, over all zones.
    """

    about: str
    nights: float = Field(ge=0)
    page_size: int = Field(ge=1)
    answer_seconds: float = Field(ge=0)
    snapshot_days: float = Field(ge=1)
    first_loads: float = Field(ge=0, le=1)
    manual_syncs: float = Field(ge=0)
    manual_reads: tuple[str, ...]
    api_requests: float = Field(ge=0)
    active_hours: float = Field(default=8, ge=0, le=24)
    reads: Mapping[str, ReadProfile]


F = TypeVar("F", bound=_Facts)


def prices() -> Prices:
    return _checked(Prices, tomllib.loads((HERE / "prices.toml").read_text()), "prices.toml")


def measured() -> Measured:
    return _checked(Measured, json.loads((HERE / "measured.json").read_text()), "measured.json")


def profile(name: str) -> Profile:
    """One of PROFILES, or the profile in a file of the same form.

    Raises:
        SettingsInvalid: the file is no profile.
        OSError: there is no such file.
    """
    path = HERE / "profiles" / f"{name}.toml" if name in PROFILES else Path(name)
    try:
        content = tomllib.loads(path.read_text())
    except ValueError as error:
        raise SettingsInvalid(f"The file {path} is not TOML.", remedy="Begin with a copy of a profile.") from error
    found = _checked(Profile, content, str(path))
    unknown = sorted(set(found.manual_reads) - set(found.reads))
    if unknown:
        raise SettingsInvalid(f"{path}: manual_reads names {', '.join(unknown)}.", remedy="Name reads of the profile.")
    return found


def _checked(kind: type[F], content: Any, name: str) -> F:
    try:
        return kind.model_validate(content)
    except ValidationError as error:
        faults = sorted(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise SettingsInvalid(f"{name}: {'; '.join(faults)}.", remedy="Correct the file.") from None
