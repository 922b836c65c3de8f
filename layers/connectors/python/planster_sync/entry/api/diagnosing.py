"""One redacted bundle of what is stored about an integration, for support; the vendor is not asked.

Two rules keep secrets and personal data out: names and texts that people or vendors have written are left out (the
integration's name, contents and ids of source records that were set aside), and every sentence is redacted once more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_args

from aws_lambda_powertools.event_handler import Response, content_types
from pydantic import SecretBytes, SecretStr

from planster_sync.entry.api import document, progress
from planster_sync.entry.api.caller import BACK_END, PLANNER
from planster_sync.entry.api.diagnosis_views import (
    DiagnosedConnector,
    DiagnosedRead,
    DiagnosedSettings,
    Diagnosis,
    Reason,
    Sample,
)
from planster_sync.entry.api.integrations import IntegrationRoutes, with_streams
from planster_sync.entry.api.paths import IntegrationId, OrganisationId
from planster_sync.entry.api.run_views import RunDetail
from planster_sync.entry.api.settings import GuardBody
from planster_sync.entry.api.shop import ApiShop
from planster_sync.entry.api.views import IntegrationDetail
from planster_sync.errors import SettingsInvalid
from planster_sync.http.redaction import REDACTED, redact, redact_mapping
from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import Integration
from planster_sync.model.runs import StreamKey
from planster_sync.model.streams import Stream
from planster_sync.ports.source import Capabilities, Read

FORM = 1
MOST_BYTES = 256 * 1024
MOST_RUNS = 20
MOST_SET_ASIDE = 100
"""Of one read."""
SAMPLED = (DataType.INVENTORY_LEVELS, DataType.PRODUCTS)
"""What planners compare; their ids name things, and no persons."""
SAMPLE = 3
_SENTENCES = frozenset({"what", "remedy", "sentence", "title"})
_PERSONS = frozenset({"requested_by", "cancelled_by"})
_NOT_KEPT = ["answers of connection checks", "answers of verifying", "contents of records"]


@dataclass(frozen=True, slots=True)
class DiagnoseRoutes:
    shop: ApiShop

    def diagnose(self, organisation: OrganisationId, integration: IntegrationId) -> Response[Diagnosis]:
        """A bundle to send to support: status, settings, runs, errors; no secrets, no personal data, 256 KB at most."""
        found, streams = with_streams(self.shop, organisation, integration)
        bundle = _within_bytes(Diagnosis.model_validate(_redacted(self._bundle(found, streams).model_dump())))
        name = f"planster-diagnosis-{bundle.made_at:%Y%m%dT%H%M%SZ}.json"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
        return Response(200, content_types.APPLICATION_JSON, bundle, headers=headers)

    def _bundle(self, integration: Integration, streams: Sequence[Stream]) -> Diagnosis:
        place = integration.organisation, integration.id
        capabilities = self._capabilities(integration)
        reads = list(capabilities.reads.values()) if capabilities else []
        reasons, looked_at = self._set_aside(place, reads)
        return Diagnosis(
            form=FORM,
            made_at=self.shop.clock.now(),
            api_version=document.VERSION,
            status=_nameless(IntegrationRoutes(self.shop).show(*place)),
            settings=_settings(integration, capabilities),
            connector=_connector(capabilities) if capabilities else None,
            reads=[_read(read, _stream_of(read, place, streams)) for read in reads],
            runs=self._runs(place, streams),
            runs_left_out=0,
            set_aside=reasons,
            set_aside_looked_at=looked_at,
            samples=self._samples(place, capabilities),
            not_kept=_NOT_KEPT,
        )

    def _capabilities(self, integration: Integration) -> Capabilities | None:
        try:
            return self.shop.capabilities(integration.connector)
        except SettingsInvalid:
            return None

    def _runs(self, place: tuple[str, str], streams: Sequence[Stream]) -> list[RunDetail]:
        runs, _ = self.shop.runs.recent(*place, MOST_RUNS, None)
        rows = {stream.key.read: stream for stream in streams}
        now = self.shop.clock.now()
        return [
            progress.detail(run, {read: rows.get(read) or Stream(run.stream(read)) for read in run.tasks}, now)
            for run in runs
        ]

    def _set_aside(self, place: tuple[str, str], reads: Sequence[Read]) -> tuple[list[Reason], int]:
        counts: Counter[tuple[str, str, str, str]] = Counter()
        for read in reads:
            entries, _ = self.shop.quarantine.page(StreamKey(*place, read.name), limit=MOST_SET_ASIDE)
            counts.update((read.name, each.problem.code, each.problem.what, each.path) for each in entries)
        reasons = [
            Reason(read=read, code=code, what=what, path=path, count=count)
            for (read, code, what, path), count in counts.most_common(MOST_SET_ASIDE)
        ]
        return reasons, counts.total()

    def _samples(self, place: tuple[str, str], capabilities: Capabilities | None) -> list[Sample]:
        served = [each for each in SAMPLED if capabilities and capabilities.read_of(each)]
        return [
            Sample(
                data_type=data_type,
                record=redact(str(record["id"])),
                read_at=record["read_at"],
                changed_at=record["changed_at"],
            )
            for data_type in served
            for record in self.shop.records.sample(*place, data_type, seed="diagnosis", count=SAMPLE)
        ]


def _nameless(status: IntegrationDetail) -> IntegrationDetail:
    """Without what a person has written, and without the ids of what is held."""
    data_types = [
        child.model_copy(update={"held": child.held.model_copy(update={"examples": []})}) if child.held else child
        for child in status.data_types
    ]
    return status.model_copy(update={"name": REDACTED, "data_types": data_types})


def _settings(integration: Integration, capabilities: Capabilities | None) -> DiagnosedSettings:
    guard = integration.deletion_guard
    return DiagnosedSettings(
        zone=integration.schedule.zone,
        hours=sorted(set(integration.schedule.hours)),
        off=sorted(integration.disabled),
        snapshot_days=integration.snapshot_days,
        deletion_guard=GuardBody(share=guard.share, count=guard.count, count_share=guard.count_share),
        connector_settings=redact_mapping(_shown(integration.settings, capabilities)),
    )


def _shown(settings: dict[str, Any], capabilities: Capabilities | None) -> dict[str, Any]:
    """Only declared settings that are no secrets show their values."""
    declared = capabilities.settings.model_fields if capabilities else {}
    open_ = {name for name, each in declared.items() if not _is_secret(each.annotation)}
    return {name: value if name in open_ else REDACTED for name, value in settings.items()}


def _is_secret(kind: Any) -> bool:
    return kind in (SecretStr, SecretBytes) or any(_is_secret(part) for part in get_args(kind))


def _connector(capabilities: Capabilities) -> DiagnosedConnector:
    return DiagnosedConnector(
        name=capabilities.name,
        title=capabilities.title,
        mapping_version=capabilities.mapping_version,
        calls_per_second=capabilities.rate.per_second,
        writes=[operation.value for operation in capabilities.writes],
        exemptions=dict(capabilities.exemptions),
    )


def _stream_of(read: Read, place: tuple[str, str], streams: Sequence[Stream]) -> Stream:
    return next((stream for stream in streams if stream.key.read == read.name), Stream(StreamKey(*place, read.name)))


def _read(read: Read, stream: Stream) -> DiagnosedRead:
    return DiagnosedRead(
        read=read.name,
        data_types=list(read.feeds),
        style=read.style,
        page_size=read.page_size,
        owner=stream.owner,
        lease_until=stream.lease_until,
        segment=stream.checkpoint.segment if stream.checkpoint else None,
        fence=stream.fence,
        has_index=stream.index is not None,
        high_water=stream.high_water,
        last_run=stream.last_run,
        look_again_at=stream.look_again_at,
    )


def _redacted(value: Any, name: str = "") -> Any:
    """Sentences without what looks like a secret or a person; who asked for something only as a kind of caller."""
    if isinstance(value, dict):
        return {key: _redacted(inner, str(key)) for key, inner in value.items()}
    if isinstance(value, list):
        return [_redacted(inner, name) for inner in value]
    if isinstance(value, str) and name in _PERSONS:
        return value if value in (BACK_END, PLANNER) else REDACTED
    return redact(value) if isinstance(value, str) and name in _SENTENCES else value


def _within_bytes(bundle: Diagnosis) -> Diagnosis:
    """Leaves out the oldest runs until it fits."""
    while bundle.runs and len(bundle.model_dump_json()) > MOST_BYTES:
        kept = len(bundle.runs) // 2
        left_out = bundle.runs_left_out + len(bundle.runs) - kept
        bundle = bundle.model_copy(update={"runs": bundle.runs[:kept], "runs_left_out": left_out})
    return bundle
