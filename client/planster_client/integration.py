"""One integration of an organisation: looked at, synced, verified, corrected, exported."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from planster_client import answers, exporting, watching
from planster_client.transport import KEY, Transport, place


def random_key() -> str:
    return str(uuid.uuid4())


@dataclass(frozen=True, slots=True)
class OneIntegration:
    """Each method is one address of the API; it raises what `Transport.send` raises."""

    transport: Transport
    organisation: str
    id: str
    make_key: Callable[[], str] = random_key

    def status(self) -> answers.Integration:
        return self.transport.ask(answers.Integration, "GET", self._at())

    def freshness(self) -> answers.Freshness:
        """How often the data was there by six in the morning, and what was missed."""
        return self.transport.ask(answers.Freshness, "GET", self._at("freshness"))

    def watch(self) -> Iterator[answers.Integration]:
        """The status now, and again whenever it changed; without end."""
        return watching.changes(self.transport, answers.Integration, self._at())

    def expected(self, mode: str, data_types: Sequence[str] = ()) -> answers.Expectation:
        """What a sync will take at the vendor, to be known before it is asked for."""
        query = {"mode": mode, "data_types": ",".join(data_types) or None}
        return self.transport.ask(answers.Expectation, "GET", self._at("sync", "expected"), query=query)

    def sync(self, data_types: Sequence[str] = (), mode: str = "auto", key: str | None = None) -> answers.SyncAccepted:
        """Starts a sync once, however often the request has to be sent; `key` makes two calls one request."""
        body = {"mode": mode, **({"data_types": list(data_types)} if data_types else {})}
        headers = {KEY: key or self.make_key()}
        return self.transport.ask(answers.SyncAccepted, "POST", self._at("sync"), body, headers=headers)

    def run(self, run: str) -> answers.Run:
        return self.transport.ask(answers.Run, "GET", self._at("runs", run))

    def follow(self, run: str) -> Iterator[answers.Run]:
        """The run now, and again whenever it got further; its end is the last."""
        for seen in watching.changes(self.transport, answers.Run, self._at("runs", run)):
            yield seen
            if seen.is_final:
                return

    def runs(self, state: str | None = None, trigger: str | None = None, page: int = 20) -> Iterator[answers.Run]:
        """Newest first, page by page as they are needed."""
        return self._pages(answers.Run, "runs", "runs", state=state, trigger=trigger, limit=page)

    def cancel(self, run: str) -> answers.Accepted:
        return self.transport.ask(answers.Accepted, "POST", self._at("runs", run, "cancel"))

    def held(self) -> answers.HeldList:
        return self.transport.ask(answers.HeldList, "GET", self._at("held"))

    def approve(self, data_type: str, run: str) -> answers.Decided:
        """`run` is that of the held deletion that was looked at."""
        return self.transport.ask(answers.Decided, "POST", self._at("held", data_type, "approve"), {"run": run})

    def reject(self, data_type: str, run: str) -> answers.Decided:
        return self.transport.ask(answers.Decided, "POST", self._at("held", data_type, "reject"), {"run": run})

    def quarantine(self, data_type: str, page: int = 50) -> Iterator[answers.SetAside]:
        return self._pages(answers.SetAside, "entries", "quarantine", data_type, limit=page)

    def retry_quarantine(self, data_type: str) -> answers.Accepted:
        return self.transport.ask(answers.Accepted, "POST", self._at("quarantine", data_type, "retry"))

    def reconnect(self, credentials: Mapping[str, Any]) -> answers.Connected:
        """New credentials of the same account; id, history and checkpoints stay."""
        return self.transport.ask(answers.Connected, "POST", self._at("reconnect"), {"credentials": dict(credentials)})

    def check(self) -> answers.Check:
        return self.transport.ask(answers.Check, "POST", self._at("check"))

    def verify(self, data_type: str, **which: str | int) -> answers.Verification:
        """`which` is one of record, sku and sample (a number)."""
        return self.transport.ask(answers.Verification, "POST", self._at("verify"), {"data_type": data_type, **which})

    def adjust(self, data_type: str, fields: Mapping[str, Any], reason: str, **which: str) -> answers.AdjustmentMade:
        """`which` is record or sku, and warehouse_id where several warehouses hold it."""
        body = {"data_type": data_type, "fields": dict(fields), "reason": reason, **which}
        return self.transport.ask(answers.AdjustmentMade, "POST", self._at("adjustments"), body)

    def adjust_many(self, data_type: str, csv: str, reason: str, effect: str) -> answers.BulkAdjustment:
        """`effect` is dry_run or apply; with any wrong line nothing is applied."""
        body = {"data_type": data_type, "csv": csv, "reason": reason, "effect": effect}
        return self.transport.ask(answers.BulkAdjustment, "POST", self._at("adjustments", "bulk"), body)

    def adjustments(self, data_type: str, page: int = 50) -> Iterator[answers.Adjustment]:
        """The corrections in force."""
        return self._pages(answers.Adjustment, "adjustments", "adjustments", data_type, limit=page)

    def adjustment_history(self, data_type: str, record: str) -> answers.AdjustmentHistory:
        return self.transport.ask(answers.AdjustmentHistory, "GET", self._at("adjustments", data_type, record))

    def withdraw(self, data_type: str, record: str) -> answers.AdjustmentHistory:
        """Takes the correction in force back."""
        return self.transport.ask(answers.AdjustmentHistory, "DELETE", self._at("adjustments", data_type, record))

    def record(self, data_type: str, record: str) -> dict[str, Any]:
        """One record as it is stored; a tombstone too."""
        found: dict[str, Any] = self.transport.send("GET", self._at("records", data_type, record)).json()
        return found

    def records(self, data_type: str, page: int = 100, **filters: str | None) -> Iterator[dict[str, Any]]:
        """`filters` are sku, warehouse, status and updated_since."""
        return self._pages(dict, "records", "records", data_type, limit=page, **filters)

    def export(self, data_type: str, form: str, **filters: str | None) -> Iterator[exporting.Part]:
        """The records as a file, csv or ndjson: the parts put behind each other, as they are, make it."""
        path = self._at("exports", data_type)
        return exporting.parts(self.transport, path, {"format": form, **filters})

    def settings(self) -> answers.Settings:
        return self.transport.ask(answers.Settings, "GET", self._at("settings"))

    def change_settings(self, change: Mapping[str, Any]) -> answers.Settings:
        """What is left out stays as it is."""
        return self.transport.ask(answers.Settings, "PATCH", self._at("settings"), dict(change))

    def pause(self) -> answers.Settings:
        return self.transport.ask(answers.Settings, "POST", self._at("pause"))

    def resume(self) -> answers.Settings:
        return self.transport.ask(answers.Settings, "POST", self._at("resume"))

    def create_shipment(self, draft: Mapping[str, Any]) -> answers.Write:
        """The draft's reference makes it one request, however often it is sent."""
        return self.transport.ask(answers.Write, "POST", self._at("inbound-shipments"), dict(draft))

    def change_shipment(self, shipment: str, change: Mapping[str, Any]) -> answers.Write:
        return self.transport.ask(answers.Write, "PATCH", self._at("inbound-shipments", shipment), dict(change))

    def try_create_shipment(self, draft: Mapping[str, Any]) -> answers.Trial:
        """What would be refused is refused, and nothing is sent to the warehouse system."""
        return self.transport.ask(answers.Trial, "POST", self._at("inbound-shipments", "dry-run"), dict(draft))

    def try_change_shipment(self, shipment: str, change: Mapping[str, Any]) -> answers.Trial:
        path = self._at("inbound-shipments", shipment, "dry-run")
        return self.transport.ask(answers.Trial, "POST", path, dict(change))

    def diagnose(self) -> dict[str, Any]:
        """One bundle for support: what is stored, without secrets and personal data."""
        found: dict[str, Any] = self.transport.send("GET", self._at("diagnose")).json()
        return found

    def shipment_write(self, reference: str) -> answers.Write:
        return self.transport.ask(answers.Write, "GET", self._at("inbound-shipment-writes", reference))

    def _at(self, *more: str) -> str:
        return place("organisations", self.organisation, "integrations", self.id, *more)

    def _pages(self, kind: Any, name: str, *segments: str, **query: Any) -> Iterator[Any]:
        return self.transport.pages(kind, name, self._at(*segments), query)
