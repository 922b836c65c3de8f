"""Where answers lead: what each operation's answer names that another operation takes (OpenAPI 3.1, Link Object).

`organisation` and `integration` of the address go along by themselves. Values are runtime expressions; a list's first
entry stands for all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Lead:
    """To an operation, with the parameters and the body that the answer gives for it."""

    to: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, str] | None = None


_DATA_TYPE = {"data_type": "$request.path.data_type"}
_RECORD = {**_DATA_TYPE, "record": "$request.path.record"}
_NEXT = {"after": "$response.body#/after"}
_RUN = {"run": "$response.body#/run"}
_FIRST_RUN = {"run": "$response.body#/runs/0/id"}
_FIRST_HELD = {"data_type": "$response.body#/held/0/data_type"}
_HELD_RUN = {"run": "$response.body#/held/0/run"}
_CONNECTED = {"integration": "$response.body#/integration"}
_INTEGRATION = {"integration": "$response.body#/integrations/0/id"}
_ADJUSTED = {
    "data_type": "$response.body#/adjustment/data_type",
    "record": "$response.body#/adjustment/record",
}
_CORRECTED = {**_DATA_TYPE, "record": "$response.body#/adjustments/0/record"}
_VERIFIED = {"data_type": "$request.body#/data_type", "record": "$response.body#/records/0/record"}
_MADE = {"webhook": "$response.body#/id"}
_WEBHOOK = {"webhook": "$request.path.webhook"}

LEADS: Mapping[str, tuple[Lead, ...]] = {
    "getStatus": (Lead("getIntegration", _INTEGRATION), Lead("listRuns", _INTEGRATION)),
    "getFreshness": (Lead("getIntegrationFreshness", {"integration": "$response.body#/integrations/0/integration"}),),
    "getIntegrationFreshness": (Lead("listRuns"),),
    "listIntegrations": (
        Lead("getIntegration", _INTEGRATION),
        Lead("getSettings", _INTEGRATION),
        Lead("syncNow", _INTEGRATION),
        Lead("checkConnection", _INTEGRATION),
    ),
    "getIntegration": (Lead("listRuns"), Lead("listHeldDeletions"), Lead("expectSync")),
    "getSettings": (Lead("changeSettings"),),
    "connect": (Lead("getIntegration", _CONNECTED), Lead("checkConnection", _CONNECTED)),
    "reconnect": (Lead("getIntegration"),),
    "pauseIntegration": (Lead("resumeIntegration"), Lead("syncNow")),
    "resumeIntegration": (Lead("getIntegration"),),
    "expectSync": (Lead("syncNow"),),
    "syncNow": (Lead("getRun", _RUN), Lead("cancelRun", _RUN)),
    "cancelRun": (Lead("getRun", _RUN),),
    "listRuns": (Lead("getRun", _FIRST_RUN), Lead("listRuns", _NEXT)),
    "listHeldDeletions": (
        Lead("approveHeldDeletion", _FIRST_HELD, _HELD_RUN),
        Lead("rejectHeldDeletion", _FIRST_HELD, _HELD_RUN),
    ),
    "listQuarantine": (Lead("retryQuarantine", _DATA_TYPE), Lead("listQuarantine", {**_DATA_TYPE, **_NEXT})),
    "listRecords": (
        Lead("getRecord", {**_DATA_TYPE, "record": "$response.body#/records/0/id"}),
        Lead("listRecords", {**_DATA_TYPE, **_NEXT}),
    ),
    "getRecord": (Lead("getAdjustments", _RECORD),),
    "listChanges": (Lead("listChanges", {**_DATA_TYPE, **_NEXT}),),
    "askForExport": (Lead("getExport", {"export": "$response.body#/id"}),),
    "adjustRecord": (
        Lead("getRecord", _ADJUSTED),
        Lead("getAdjustments", _ADJUSTED),
        Lead("withdrawAdjustment", _ADJUSTED),
    ),
    "listAdjustments": (
        Lead("getAdjustments", _CORRECTED),
        Lead("withdrawAdjustment", _CORRECTED),
        Lead("listAdjustments", {**_DATA_TYPE, **_NEXT}),
    ),
    "withdrawAdjustment": (Lead("getRecord", _RECORD),),
    "verifySource": (Lead("getRecord", _VERIFIED),),
    "createInboundShipment": (Lead("getInboundShipmentWrite", {"reference": "$response.body#/reference"}),),
    "changeInboundShipment": (Lead("getInboundShipmentWrite", {"reference": "$response.body#/reference"}),),
    "getInboundShipmentWrite": (Lead("changeInboundShipment", {"shipment": "$response.body#/shipment_id"}),),
    "registerWebhook": (
        Lead("getWebhook", _MADE),
        Lead("testWebhook", _MADE),
        Lead("rotateWebhookSecret", _MADE),
        Lead("removeWebhook", _MADE),
    ),
    "testWebhook": (Lead("listWebhookDeliveries", _WEBHOOK),),
    "getWebhook": (Lead("listWebhookDeliveries", _WEBHOOK), Lead("resumeWebhook", _WEBHOOK)),
    "listWebhookDeliveries": (Lead("listWebhookDeliveries", {**_WEBHOOK, **_NEXT}),),
    "disconnect": (Lead("listDisconnections"),),
}


def links_of(operation: str, path: str, target_paths: Mapping[str, str]) -> dict[str, Any]:
    """The links of an operation's answer, by name; `target_paths` has the address of every operation.

    Raises:
        KeyError: a lead names an operation that does not exist.
    """
    links: dict[str, Any] = {}
    for lead in LEADS.get(operation, ()):
        carried = [name for name in ("organisation", "integration") if f"{{{name}}}" in path]
        taken = [name for name in carried if f"{{{name}}}" in target_paths[lead.to]]
        parameters = {**{name: f"$request.path.{name}" for name in taken}, **lead.parameters}
        link: dict[str, Any] = {"operationId": lead.to, "parameters": parameters}
        links[lead.to] = link | ({"requestBody": dict(lead.body)} if lead.body else {})
    return links
