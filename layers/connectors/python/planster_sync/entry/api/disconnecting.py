"""Disconnecting an integration: asked for once, done by the worker, and proven for good."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from aws_lambda_powertools.event_handler import Response, content_types
from aws_lambda_powertools.event_handler.openapi.params import Body
from pydantic import BaseModel, ConfigDict, Field

from planster_sync.engine.erasing import disconnection_of, send_erasure
from planster_sync.entry.api.integrations import no_such_integration
from planster_sync.entry.api.paths import IntegrationId, OrganisationId
from planster_sync.entry.api.routing import ApiResolver
from planster_sync.entry.api.shop import ApiShop
from planster_sync.entry.api.status import stamp
from planster_sync.entry.api.views import Instant, View
from planster_sync.errors import InvalidRequest
from planster_sync.model.integrations import Disconnection


class DisconnectRequest(BaseModel):
    """Names the integration once more, so that nobody erases another one by mistake."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    integration: str = Field(min_length=1, max_length=128, description="The id that the address has, too.")


class DisconnectionView(View):
    """The proof of a disconnection; it outlives the integration and holds none of its data."""

    integration: str
    connector: str
    requested_at: Instant
    requested_by: str
    begins_at: Instant = Field(description="From then on it is erased: what was at work before has ended.")
    completed_at: Instant | None = Field(description="When a whole pass over every place found nothing that was left.")
    erased: dict[str, int] = Field(description="How much was found, by place: secrets, records, objects, rows.")
    sentence: str

    @classmethod
    def of(cls, proof: Disconnection) -> DisconnectionView:
        done = f"Everything was erased by {stamp(proof.completed_at)}." if proof.completed_at else None
        return cls(
            integration=proof.integration,
            connector=proof.connector,
            requested_at=proof.requested_at,
            requested_by=proof.requested_by,
            begins_at=proof.begins_at,
            completed_at=proof.completed_at,
            erased=proof.erased,
            sentence=done or f"Nothing is synced any more; everything is erased from {stamp(proof.begins_at)} on.",
        )


class DisconnectionList(View):
    """Every disconnection of an organisation."""

    disconnections: list[DisconnectionView]


@dataclass(frozen=True, slots=True)
class DisconnectingRoutes:
    shop: ApiShop
    app: ApiResolver

    def disconnect(
        self, organisation: OrganisationId, integration: IntegrationId, ask: Annotated[DisconnectRequest, Body()]
    ) -> Response[DisconnectionView]:
        """Ends the integration for good: data, credentials, runs and queued work are erased, a proof is left."""
        if ask.integration != integration:
            raise InvalidRequest("The body names another integration.", remedy="Name the one that is to be erased.")
        by = self.app.caller.subject
        left = self.shop.integrations.disconnect(organisation, integration, by=by, at=self.shop.clock.now())
        if left is None:
            raise no_such_integration()
        timings = self.shop.starter.timings
        proof = disconnection_of(left, timings)
        self.shop.disconnections.begin(proof)
        send_erasure(self.shop.starter.queue, organisation, integration, timings.lease)
        self.shop.journal.event("disconnect_requested", organisation=organisation, integration=integration)
        address = f"/v1/organisations/{quote(organisation, safe='')}/disconnections"
        return Response(202, content_types.APPLICATION_JSON, DisconnectionView.of(proof), headers={"Location": address})

    def list_all(self, organisation: OrganisationId) -> DisconnectionList:
        """What was disconnected, and how far its erasure is."""
        found = self.shop.disconnections.of(organisation)
        return DisconnectionList(disconnections=[DisconnectionView.of(proof) for proof in found])
