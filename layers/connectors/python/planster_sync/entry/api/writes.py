"""Inbound shipments to create and to change in the warehouse system, and what became of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote, unquote

from aws_lambda_powertools.event_handler import Response, content_types
from aws_lambda_powertools.event_handler.openapi.params import Body

from planster_sync.entry.api.integrations import existing
from planster_sync.entry.api.paths import IntegrationId, OrganisationId, ShipmentId, WriteReference
from planster_sync.entry.api.routing import ApiResolver
from planster_sync.entry.api.shop import ApiShop
from planster_sync.entry.api.write_views import WriteView
from planster_sync.entry.write_forms import ChangeForm, ShipmentForm
from planster_sync.errors import NotFound
from planster_sync.model.data_types import DataType
from planster_sync.ports.stores import RecordKey
from planster_sync.ports.write_backs import WriteBack


@dataclass(frozen=True, slots=True)
class WriteRoutes:
    shop: ApiShop
    app: ApiResolver

    def create(
        self, organisation: OrganisationId, integration: IntegrationId, shipment: Annotated[ShipmentForm, Body()]
    ) -> Response[WriteView]:
        """Asks for an inbound shipment; one reference makes one shipment, however often it is asked for.

        It is checked against what the connector needs before anything is sent. A request that the warehouse system
        refused may be sent again, corrected, under the same reference.
        """
        found = existing(self.shop, organisation, integration)
        capabilities = self.shop.capabilities(found.connector)
        write = self.shop.writer.create(found, capabilities, shipment.draft(), self._by)
        return self._accepted(write)

    def update(
        self,
        organisation: OrganisationId,
        integration: IntegrationId,
        shipment: ShipmentId,
        change: Annotated[ChangeForm, Body()],
    ) -> Response[WriteView]:
        """Asks for a change of an inbound shipment; `reference` names the change, so that it is made once.

        One shipment is changed by one request at a time, and an older change is never made after a newer one.
        """
        found = existing(self.shop, organisation, integration)
        capabilities = self.shop.capabilities(found.connector)
        id_ = self._shipment_id(organisation, integration, shipment)
        write = self.shop.writer.update(found, capabilities, change.reference, id_, change.change(), self._by)
        return self._accepted(write)

    def show(self, organisation: OrganisationId, integration: IntegrationId, reference: WriteReference) -> WriteView:
        """What became of a request. API Gateway decodes the path and other hosts do not, so both forms are tried."""
        for name in dict.fromkeys((reference, unquote(reference))):
            found = self.shop.writer.find(organisation, integration, name)
            if found is not None:
                return WriteView.of(found)
        raise NotFound("Nothing was asked for under this reference.", remedy="Check the address.")

    def _shipment_id(self, organisation: str, integration: str, shipment: str) -> str:
        """The id as it stands or decoded, whichever is stored; one that was just created is not stored yet."""
        for name in (shipment, unquote(shipment)):
            if self.shop.records.get(organisation, integration, RecordKey(DataType.INBOUND_SHIPMENTS, name)):
                return name
        return unquote(shipment)

    @property
    def _by(self) -> str:
        return self.app.caller.subject

    def _accepted(self, write: WriteBack) -> Response[WriteView]:
        self.shop.journal.event(
            "write_requested",
            organisation=write.organisation,
            integration=write.integration,
            reference=write.reference,
            state=write.state.value,
        )
        headers = {"Location": _address(write)}
        return Response(202, content_types.APPLICATION_JSON, WriteView.of(write), headers=headers)


def _address(write: WriteBack) -> str:
    parts = (write.organisation, write.integration, write.reference)
    organisation, integration, reference = (quote(part, safe="") for part in parts)
    return f"/v1/organisations/{organisation}/integrations/{integration}/inbound-shipment-writes/{reference}"
