"""limits.toml: published limits with their dates and sources, and what the simulated night takes for granted."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

FILE = Path(__file__).parent / "limits.toml"


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Limit(_Facts):
    """`measure` names what is compared with `value`: one of `Scale.measures`, such as usage named in prices.toml."""

    title: str
    value: float = Field(ge=0)
    unit: str
    measure: str
    knob: str
    confidence: Literal["page", "secondary", "memory", "own"]
    source: str


class NightFacts(_Facts):
    """`tick_seconds` of each tick go into starts; a start takes its CPU's share of the dispatcher, and its requests."""

    local_hour: int = Field(ge=0, le=23)
    spread_seconds: float = Field(ge=60, le=3600)
    ticks_every_minutes: int = Field(ge=1, le=60)
    tick_seconds: float = Field(gt=0)
    workers: int = Field(ge=2)
    promised_hours: float = Field(gt=0)
    dispatcher_mb: float = Field(gt=0)
    start_cpu_seconds: float = Field(gt=0)
    start_requests: float = Field(gt=0)
    request_seconds: float = Field(gt=0)

    @property
    def starts_a_tick(self) -> float:
        """Lambda gives a function the share of a CPU that its memory has of 1,769 MB."""
        cpu = self.start_cpu_seconds * max(1769 / self.dispatcher_mb, 1)
        return self.tick_seconds / (cpu + self.start_requests * self.request_seconds)


class Limits(_Facts):
    date: date
    night: NightFacts
    zones: Mapping[int, float]
    limits: Mapping[str, Limit]


def limits() -> Limits:
    return Limits.model_validate(tomllib.loads(FILE.read_text()))
