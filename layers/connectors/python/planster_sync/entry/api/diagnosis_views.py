"""The bundle that a planner can send to support: what is stored, without secrets and personal data."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from planster_sync.entry.api.run_views import RunDetail
from planster_sync.entry.api.settings import GuardBody
from planster_sync.entry.api.views import Instant, IntegrationDetail, View
from planster_sync.model.data_types import DataType
from planster_sync.ports.source import ReadStyle


class DiagnosedSettings(View):
    """The settings in force."""

    zone: str
    hours: list[int]
    off: list[DataType] = Field(description="Data types that are switched off.")
    snapshot_days: int
    deletion_guard: GuardBody
    connector_settings: dict[str, Any] = Field(
        description="The connector's own; what is a secret, or is not declared, shows its name only."
    )


class DiagnosedRead(View):
    """One list of the vendor, as the connector declares it, and how the stream that reads it stands."""

    read: str
    data_types: list[DataType]
    style: ReadStyle
    page_size: int
    owner: str | None = Field(description="The run that reads it now.")
    lease_until: Instant | None
    segment: int | None
    fence: int
    has_index: bool
    high_water: Instant | None = Field(description="The cursor of the next incremental read.")
    last_run: str | None
    look_again_at: Instant | None


class DiagnosedConnector(View):
    """What the connector is and can do."""

    name: str
    title: str
    mapping_version: int
    calls_per_second: float
    writes: list[str]
    exemptions: dict[DataType, str]


class Reason(View):
    """Why source records were set aside, and how many of those that were looked at."""

    read: str
    code: str
    what: str
    path: str
    count: int


class Sample(View):
    """Some stored records, without their contents, so that they can be compared with the vendor's."""

    data_type: DataType
    record: str
    read_at: Instant
    changed_at: Instant


class Diagnosis(View):
    """Everything that is stored about an integration and helps to find out what is wrong with it."""

    form: int = Field(description="The version of the bundle's own form.")
    made_at: Instant
    api_version: str
    status: IntegrationDetail
    settings: DiagnosedSettings
    connector: DiagnosedConnector | None = Field(description="Null where the integration names none that there is.")
    reads: list[DiagnosedRead]
    runs: list[RunDetail] = Field(description="The last ones, newest first, each with its errors.")
    runs_left_out: int = Field(description="Runs that would have made the bundle too large.")
    set_aside: list[Reason]
    set_aside_looked_at: int = Field(description="How many of them were counted; at most a hundred of each read.")
    samples: list[Sample]
    not_kept: list[str] = Field(description="What cannot be here, because nobody keeps it.")
