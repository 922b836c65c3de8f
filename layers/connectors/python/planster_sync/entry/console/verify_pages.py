"""Verify against the source: what is stored, what the warehouse system says now, and which number is which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, NamedTuple

from aws_lambda_powertools.event_handler import Response

from planster_sync.entry.api.comparing import origin_of
from planster_sync.entry.api.integrations import IntegrationRoutes
from planster_sync.entry.api.problems import status_of
from planster_sync.entry.api.verify_views import DefinitionView, VerifiedView, VerifyForm, VerifyView
from planster_sync.entry.api.verifying import VerifyRoutes
from planster_sync.entry.console import fields
from planster_sync.entry.console.desk import Desk
from planster_sync.entry.console.forms import filled
from planster_sync.entry.console.records_pages import served
from planster_sync.errors import RefuseCaller, SyncError
from planster_sync.model.data_types import DataType
from planster_sync.ports.source import Origin

SAMPLE = 5
WAYS = ("sku", "record", "sample")


class Compared(NamedTuple):
    """One field of a record beside its source. `is_different` is told by the API; corrections are left aside there."""

    path: str
    label: str
    stored: Any
    source: Any
    is_different: bool
    definition: DefinitionView | None


class Verified(NamedTuple):
    """One record with its fields, those that differ first."""

    found: VerifiedView
    name: str
    differing: list[Compared]
    same: list[Compared]


@dataclass(frozen=True, slots=True)
class VerifyPages:
    desk: Desk

    def show(self, integration: str) -> Response[str]:
        asked = {name: self.desk.query(name) for name in ("data_type", *WAYS)}
        return self._page(integration, asked)

    def verify(self, integration: str) -> Response[str]:
        """Asks the warehouse system; a refusal is told beside the form."""
        form = self.desk.form
        asked = {name: form.text(name) for name in ("data_type", *WAYS)}
        try:
            view = VerifyRoutes(self.desk.shop, self.desk.app).verify(
                self.desk.organisation, integration, filled(VerifyForm, _given(asked))
            )
        except RefuseCaller as refusal:
            return self._page(integration, asked, refusal=refusal)
        return self._page(integration, asked, view)

    def _page(
        self,
        integration: str,
        asked: Mapping[str, str],
        view: VerifyView | None = None,
        refusal: SyncError | None = None,
    ) -> Response[str]:
        detail = IntegrationRoutes(self.desk.shop).show(self.desk.organisation, integration)
        kind = self.desk.one_of(DataType, asked["data_type"]) or DataType.INVENTORY_LEVELS
        return self.desk.show(
            "verify.html",
            status_of(refusal) if refusal else HTTPStatus.OK,
            detail=detail,
            title=self.desk.title(detail.connector),
            types=served(detail),
            data_type=kind,
            asked=asked,
            view=view,
            verified=[_compared(each, view.definitions) for each in view.records] if view else [],
            refusal=refusal,
            sample=SAMPLE,
        )


def _given(asked: Mapping[str, str]) -> dict[str, Any]:
    """The way that was filled in first; an empty form asks for a sample."""
    way = next((name for name in WAYS if asked[name]), None)
    named: dict[str, Any] = {way: asked[way]} if way else {"sample": SAMPLE}
    return {"data_type": asked["data_type"] or DataType.INVENTORY_LEVELS, **named}


def _compared(found: VerifiedView, definitions: Mapping[str, DefinitionView]) -> Verified:
    fills = {path: Origin(tuple(each.fields), each.rule) for path, each in definitions.items()}
    differing = [
        Compared(each.path, fields.label(each.path), each.stored, each.source, True, each.definition)
        for each in found.differences
    ]
    changed = {each.path for each in found.differences}
    same = [
        Compared(fact.path, fact.label, told, told, False, _definition(fact.path, fills))
        for fact in (fields.facts_of(found.stored) if found.source is not None else [])
        for told in (fact.before if fact.is_corrected else fact.value,)
        if fact.path not in changed and not _is_inside(fact.path, changed)
    ]
    return Verified(found, fields.name_of(found.stored), differing, same)


def _is_inside(path: str, changed: set[str]) -> bool:
    """Money and words differ in a part of theirs."""
    return any(each.startswith((f"{path}.", f"{path}[")) for each in changed)


def _definition(path: str, fills: Mapping[str, Origin]) -> DefinitionView | None:
    origin = origin_of(path, fills)
    return DefinitionView(fields=list(origin.fields), rule=origin.rule) if origin else None
