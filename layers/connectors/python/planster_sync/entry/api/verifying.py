"""Verify against the source: what Planster stores, what the warehouse system says now, and why they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Body

from planster_sync.entry.api.comparing import Difference, as_the_source_said, differences, origin_of
from planster_sync.entry.api.overlays import OVERLAY
from planster_sync.entry.api.paths import IntegrationId, OrganisationId
from planster_sync.entry.api.records import serving, stored
from planster_sync.entry.api.routing import ApiResolver
from planster_sync.entry.api.shop import ApiShop
from planster_sync.entry.api.verify_views import (
    MOST_AT_ONCE,
    DefinitionView,
    DifferenceView,
    LastChange,
    Outcome,
    VerifiedView,
    VerifyForm,
    VerifyView,
)
from planster_sync.entry.api.views import ProblemView
from planster_sync.errors import NotFound
from planster_sync.model.data_types import DataType
from planster_sync.ports.questions import LookUpAnswer, LookUpQuestion, Sighting
from planster_sync.ports.source import Origin
from planster_sync.ports.stores import Provenance, RecordKey

_SENTENCES: Mapping[Outcome, str] = {
    Outcome.SAME: "The warehouse system says the same.",
    Outcome.DIFFERS: "The warehouse system now says something else; the next sync brings it, or sync now.",
    Outcome.GONE: "The warehouse system no longer has the record; a full sync removes it here.",
    Outcome.DELETED: "The record is deleted here, and the warehouse system does not have it either.",
    Outcome.BACK: "The record is deleted here, but the warehouse system has it; sync now.",
    Outcome.INVALID: "The warehouse system's record cannot be taken over; the last good value stays.",
    Outcome.UNKNOWN: "The warehouse system could not be asked about this record.",
}
_SHARED = "Many source records name this one, so that none can be asked about it; verify one of them."
_ADJUSTED = " A correction by hand is in force: what is shown is the correction."


@dataclass(frozen=True, slots=True)
class VerifyRoutes:
    shop: ApiShop
    app: ApiResolver

    def verify(
        self, organisation: OrganisationId, integration: IntegrationId, ask: Annotated[VerifyForm, Body()]
    ) -> VerifyView:
        """Asks the warehouse system about stored records, and tells what differs and what each field is taken from."""
        found = serving(self.shop, organisation, integration, ask.data_type)
        capabilities = self.shop.capabilities(found.connector)
        read = capabilities.read_of(ask.data_type)
        fills = capabilities.fills.get(ask.data_type, {})
        records = self._records(organisation, integration, ask)
        origins = [self._provenance(organisation, integration, record) for record in records]
        sources = tuple(dict.fromkeys(origin.source for origin in origins if origin.source))
        answer = LookUpAnswer()
        if sources and read is not None:
            answer = self.shop.worker.look_up(LookUpQuestion(organisation, integration, read.name, sources))
        seen = {sighting.source: sighting for sighting in answer.sightings}
        verified = [
            self._verified(organisation, integration, record, origin, seen.get(origin.source), fills)
            for record, origin in zip(records, origins, strict=True)
        ]
        self._tell(organisation, integration, ask.data_type, verified)
        return VerifyView(
            read_at=datetime.fromisoformat(answer.read_at) if answer.read_at else None,
            records=verified,
            definitions={path: _definition(origin) for path, origin in fills.items()},
            problem=ProblemView.of(answer.problem) if answer.problem else None,
        )

    def _tell(self, organisation: str, integration: str, data_type: DataType, verified: list[VerifiedView]) -> None:
        """A record that differs although its source says that it did not change since breaks a promise: it `failed`."""
        self.shop.journal.event(
            "records_verified",
            organisation=organisation,
            integration=integration,
            data_type=data_type,
            count=len(verified),
            failed=sum(_is_unexplained(each) for each in verified),
        )

    def _records(self, organisation: str, integration: str, ask: VerifyForm) -> Sequence[dict[str, Any]]:
        if ask.record is not None:
            return [stored(self.shop, organisation, integration, ask.data_type, ask.record)]
        if ask.sku is not None:
            by_sku = self.shop.records.by_sku(organisation, integration, ask.sku)
            found = [record for record in by_sku if record["data_type"] == ask.data_type][:MOST_AT_ONCE]
        else:
            seed = str(self.app.current_event.request_context.request_id)
            count = ask.sample or 1
            found = list(self.shop.records.sample(organisation, integration, ask.data_type, seed=seed, count=count))
        if not found:
            raise NotFound(
                "There is no such record in Planster's copy.", remedy="Check the SKU, or sync the data type."
            )
        return found

    def _provenance(self, organisation: str, integration: str, record: Mapping[str, Any]) -> Provenance:
        key = RecordKey(DataType(record["data_type"]), record["id"])
        return self.shop.records.provenance(organisation, integration, key) or Provenance("", "")

    def _verified(
        self,
        organisation: str,
        integration: str,
        record: dict[str, Any],
        origin: Provenance,
        sighting: Sighting | None,
        fills: Mapping[str, Origin],
    ) -> VerifiedView:
        source = _source_of(record, sighting)
        differing = differences(as_the_source_said(record), source) if source is not None else []
        outcome = _outcome(record, sighting, source, differing)
        sentence = _SHARED if sighting is None and not origin.source else _SENTENCES[outcome]
        return VerifiedView(
            record=record["id"],
            outcome=outcome,
            sentence=sentence + (_ADJUSTED if OVERLAY in record else ""),
            stored=record,
            source=source,
            differences=[_difference(each, fills) for each in differing],
            last_change=self._last_change(organisation, integration, record, origin),
            problem=ProblemView.of(sighting.problem) if sighting and sighting.problem else None,
        )

    def _last_change(
        self, organisation: str, integration: str, record: Mapping[str, Any], origin: Provenance
    ) -> LastChange:
        """A correction that was made or taken back moves the record among the changes to the same moment."""
        at = datetime.fromisoformat(record["changed_at"])
        key = RecordKey(DataType(record["data_type"]), record["id"])
        made = self.shop.adjustments.find(organisation, integration, key)
        by_hand = {made.made_at: made.author} if made else {}
        ended = self.shop.adjustments.history(organisation, integration, key)
        by_hand |= {each.at: each.adjustment.author for each in ended if each.how == "withdrawn"}
        author = by_hand.get(at)
        return LastChange(at=at, run=origin.run if author is None else None, adjusted_by=author)


def _source_of(record: Mapping[str, Any], sighting: Sighting | None) -> dict[str, Any] | None:
    """The record among those that its source record maps to now."""
    for each in sighting.records if sighting else ():
        if (each["data_type"], each["id"]) == (record["data_type"], record["id"]):
            return {name: value for name, value in each.items() if name != "data_type"}
    return None


def _outcome(
    record: Mapping[str, Any], sighting: Sighting | None, source: object, differing: Sequence[object]
) -> Outcome:
    if sighting is None:
        return Outcome.UNKNOWN
    if sighting.problem is not None:
        return Outcome.INVALID
    if source is None:
        return Outcome.DELETED if "deleted_at" in record else Outcome.GONE
    if "deleted_at" in record:
        return Outcome.BACK
    return Outcome.DIFFERS if differing else Outcome.SAME


def _is_unexplained(verified: VerifiedView) -> bool:
    changed = {each.path for each in verified.differences}
    return verified.outcome is Outcome.DIFFERS and "updated_at" in verified.stored and "updated_at" not in changed


def _difference(found: Difference, fills: Mapping[str, Origin]) -> DifferenceView:
    origin = origin_of(found.field, fills)
    definition = _definition(origin) if origin else None
    return DifferenceView(path=found.path, stored=found.stored, source=found.source, definition=definition)


def _definition(origin: Origin) -> DefinitionView:
    return DefinitionView(fields=list(origin.fields), rule=origin.rule)
