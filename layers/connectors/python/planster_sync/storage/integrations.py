"""Integrations, and the status page of an organisation: its integrations and their streams lie side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from planster_sync.model.integrations import Integration, IntegrationChange, IntegrationStatus
from planster_sync.model.runs import Problem
from planster_sync.model.streams import AtWork, Stream, StreamStatus
from planster_sync.ports.platform import Journal
from planster_sync.storage import keys as layout
from planster_sync.storage.attributes import Item
from planster_sync.storage.due import all_keys, due_keys, readable
from planster_sync.storage.rows import from_item, to_item
from planster_sync.storage.streams import stream_of
from planster_sync.storage.table import Change, Question, Table

_CONNECTED = "attribute_exists(pk) AND #status <> :leaving"
_LEAVING = {"leaving": IntegrationStatus.DISCONNECTING}
_STATUS = {"status": "status"}
_REFUSAL = ("needs_reauth_at", "problem")
_WHOLE = sorted({field.name for kind in (Integration, StreamStatus) for field in fields(kind)} - {"checkpoint"})
_AT_WORK = sorted(field.name for field in fields(AtWork))
_TOLD = ", ".join(["sk", *(f"#{name}" for name in _WHOLE), *(f"#checkpoint.#{name}" for name in _AT_WORK)])
_TOLD_NAMES = {name: name for name in (*_WHOLE, "checkpoint", *_AT_WORK)}
"""What is read of every row of the status page: an integration's whole, and of a stream what its status tells."""


class DynamoIntegrations:
    """`journal` hears of rows that cannot be read where others must not suffer for them."""

    def __init__(self, control: Table, journal: Journal | None = None) -> None:
        self._table = control
        self._journal = journal

    def get(self, organisation: str, integration: str) -> Integration | None:
        item = self._table.get(layout.integration_key(organisation, integration))
        return None if item is None else from_item(Integration, item)

    def due(self, now: datetime, limit: int) -> Sequence[Integration]:
        """Whatever their status: the caller moves a paused one to its next slot without a run."""
        keys = due_keys(self._table, layout.slot_shards(), now, limit)
        found = readable(self._table.get_all(keys), Integration, self._journal)
        due = [(integration.due_at, integration) for integration in found if integration.due_at]
        return [integration for at, integration in sorted(due, key=lambda pair: pair[0]) if at <= now]

    def count(self) -> int:
        return sum(1 for _ in all_keys(self._table, layout.slot_shards()))

    def put(self, integration: Integration) -> None:
        key = layout.integration_key(integration.organisation, integration.id)
        due = _due(integration, integration.due_at) if integration.due_at else {}
        self._table.put({**key, **to_item(integration), **due})

    def add(self, integration: Integration) -> Integration | None:
        key = layout.integration_key(integration.organisation, integration.id)
        due = _due(integration, integration.due_at) if integration.due_at else {}
        outcome = self._table.put_new({**key, **to_item(integration), **due})
        there = None if outcome.accepted or outcome.item is None else from_item(Integration, outcome.item)
        return None if outcome.doubted and there == integration else there

    def credentials_kept(self, organisation: str, integration: str, *, due_at: datetime) -> Integration | None:
        sets = {"due_at": due_at, **layout.slot_due(organisation, integration, due_at)}
        removes = (*_REFUSAL, "awaits_credentials")
        change = Change(_CONNECTED, sets=sets, removes=removes, names=_STATUS, values=_LEAVING)
        found = self._changed(organisation, integration, change)
        if found is None or found.status is not IntegrationStatus.NEEDS_REAUTH:
            return found
        self.active_again(organisation, integration)
        return self.get(organisation, integration)

    def slot_done(self, integration: Integration, *, last_slot_at: datetime | None, due_at: datetime) -> bool:
        """To be called after the slot's run was created: a lost answer to this call is a False, not a lost night."""
        last: Item = {"last_slot_at": last_slot_at} if last_slot_at else {}
        last |= {"nights_watched": True} if integration.nights_watched else {}
        read = {"read": integration.due_at} if integration.due_at else {}
        change = Change(
            "attribute_exists(pk) AND " + ("#due_at = :read" if read else "attribute_not_exists(#due_at)"),
            sets={"due_at": due_at, **last, **_due(integration, due_at)},
            values=read,
        )
        key = layout.integration_key(integration.organisation, integration.id)
        return self._table.change(key, change).accepted

    def change(self, organisation: str, integration: str, change: IntegrationChange) -> Integration | None:
        due = dict(layout.slot_due(organisation, integration, change.due_at)) if change.due_at else {}
        sets = {name: value for name, value in to_item(change).items() if name != "cleared"}
        return self._changed(
            organisation,
            integration,
            Change(_CONNECTED, sets={**sets, **due}, removes=change.cleared, names=_STATUS, values=_LEAVING),
        )

    def pause(self, organisation: str, integration: str) -> Integration | None:
        change = Change(_CONNECTED, sets={"status": IntegrationStatus.PAUSED}, values=_LEAVING)
        return self._changed(organisation, integration, change)

    def resume(self, organisation: str, integration: str, due_at: datetime) -> Integration | None:
        """Refused credentials were noted before the pause, and are only tried anew when they have rested."""
        there = self.get(organisation, integration)
        if there is None or there.status is not IntegrationStatus.PAUSED:
            return there
        status = IntegrationStatus.NEEDS_REAUTH if there.needs_reauth_at else IntegrationStatus.ACTIVE
        due = {"due_at": due_at, **layout.slot_due(organisation, integration, due_at)}
        change = Change("#status = :paused", sets={"status": status, **due}, values={"paused": there.status})
        return self._changed(organisation, integration, change)

    def disconnect(self, organisation: str, integration: str, *, by: str, at: datetime) -> Integration | None:
        change = Change(
            _CONNECTED,
            sets={
                "status": IntegrationStatus.DISCONNECTING,
                "disconnecting_at": at,
                "disconnecting_by": by,
                "due_at": at,
                **layout.slot_due(organisation, integration, at),
            },
            values=_LEAVING,
        )
        return self._changed(organisation, integration, change)

    def remove(self, organisation: str, integration: str) -> None:
        self._table.delete_all([layout.integration_key(organisation, integration)])

    def _changed(self, organisation: str, integration: str, change: Change) -> Integration | None:
        """The row as it is then, whether the change was accepted or not."""
        outcome = self._table.change(layout.integration_key(organisation, integration), change)
        return from_item(Integration, outcome.item) if outcome.item else None

    def needs_reauth(self, organisation: str, integration: str, problem: Problem, at: datetime) -> None:
        """Notes the latest refusal; a paused integration stays paused."""
        change = Change(
            f"{_CONNECTED} AND #status <> :paused",
            sets={
                "status": IntegrationStatus.NEEDS_REAUTH,
                "needs_reauth_at": at,
                "problem": to_item(problem),
            },
            values={"paused": IntegrationStatus.PAUSED, **_LEAVING},
        )
        self._table.change(layout.integration_key(organisation, integration), change)

    def active_again(self, organisation: str, integration: str, *, due_at: datetime | None = None) -> None:
        due = {"due_at": due_at, **layout.slot_due(organisation, integration, due_at)} if due_at else {}
        change = Change(
            "#status = :waiting",
            sets={"status": IntegrationStatus.ACTIVE, **due},
            removes=_REFUSAL,
            values={"waiting": IntegrationStatus.NEEDS_REAUTH},
        )
        self._table.change(layout.integration_key(organisation, integration), change)

    def with_streams(self, organisation: str, integration: str) -> tuple[Integration, Sequence[Stream]] | None:
        key, prefix = layout.integration_key(organisation, integration), layout.streams_prefix(integration)
        values = {"pk": key["pk"], "own": key["sk"], "end": layout.streams_end(integration)}
        found = list(self._table.query(Question("pk = :pk AND sk BETWEEN :own AND :end", values)))
        own = next((item for item in found if item["sk"] == key["sk"]), None)
        streams = [stream_of(item) for item in found if item["sk"].startswith(prefix)]  # others may lie between
        return None if own is None else (from_item(Integration, own), streams)

    def status_page(self, organisation: str) -> Sequence[tuple[Integration, Sequence[StreamStatus]]]:
        page: dict[str, tuple[Integration, list[StreamStatus]]] = {}
        streams: list[StreamStatus] = []
        values = {"pk": layout.organisation_partition(organisation)}
        for item in self._table.query(Question("pk = :pk", values, names=_TOLD_NAMES, projection=_TOLD)):
            if layout.is_stream(item["sk"]):
                streams.append(from_item(StreamStatus, item))
            else:
                integration = from_item(Integration, item)
                page[integration.id] = (integration, [])
        for stream in streams:
            if stream.key.integration in page:
                page[stream.key.integration][1].append(stream)
        return [page[integration] for integration in sorted(page)]


def _due(integration: Integration, due_at: datetime) -> Item:
    return dict(layout.slot_due(integration.organisation, integration.id, due_at))
