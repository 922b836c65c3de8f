"""Examples for the OpenAPI document: values of addresses, a body for each operation that takes one, and problems."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

PARAMETERS: Mapping[str, str] = {
    "organisation": "acme",
    "integration": "wms-1",
    "run": "20260504T020000Z",
    "record": "item-7",
    "shipment": "asn-13",
    "reference": "PO-772",
    "webhook": "hook-3f9a",
    "connector": "warehouse_system",
    "export": "20260504T080000Z-88pYWU5o",
}

_SHIPMENT = {
    "reference": "PO-772",
    "warehouse_id": "wh-1",
    "expected_at": "2026-05-04T00:00:00Z",
    "lines": [{"sku": "SOAP-OAT", "quantity": 240}],
}
_DECISION = {"run": "20260504T020000Z"}

BODIES: Mapping[str, Mapping[str, Any]] = {
    "syncNow": {"data_types": ["orders"], "mode": "auto"},
    "changeSettings": {"zone": "Europe/Berlin", "hours": [2], "data_types": {"bills": False}},
    "disconnect": {"integration": "wms-1"},
    "connect": {
        "connector": "warehouse_system",
        "name": "Main warehouse",
        "zone": "Europe/Berlin",
        "hours": [2],
        "credentials": {"user": "planster", "password": "as the system gave it"},
    },
    "reconnect": {"credentials": {"user": "planster", "password": "the new one"}},
    "beginConsent": {"name": "Main warehouse", "zone": "Europe/Berlin", "hours": [2]},
    "exchangeCode": {"state": "as `begin` gave it", "auth_code": "as the dialogue gave it"},
    "approveHeldDeletion": _DECISION,
    "rejectHeldDeletion": _DECISION,
    "createInboundShipment": _SHIPMENT,
    "changeInboundShipment": {"reference": "PO-772 change 1", "lines": [{"sku": "SOAP-OAT", "quantity": 200}]},
    "adjustRecord": {
        "data_type": "inventory_levels",
        "sku": "MUG-1",
        "fields": {"on_hand": 8},
        "reason": "counted by hand",
    },
    "adjustRecords": {
        "data_type": "inventory_levels",
        "effect": "dry_run",
        "csv": "sku,on_hand\nMUG-1,8\nMUG-2,0\n",
        "reason": "stocktaking",
    },
    "registerWebhook": {"url": "https://example.com/planster", "kinds": ["run.completed"]},
    "askForExport": {"data_type": "orders", "format": "csv", "updated_since": "2026-05-01T00:00:00Z"},
    "verifySource": {"data_type": "inventory_levels", "sku": "MUG-1"},
}
"""By operation."""


class Problem(NamedTuple):
    status: int
    code: str
    detail: str
    remedy: str
    retryable: bool = False


PROBLEMS = (
    Problem(404, "not_found", "There is no such record in Planster's copy.", "Check the id, or sync the data type."),
    Problem(405, "method_not_allowed", "This address does not answer to that method.", "Use GET."),
    Problem(409, "conflict", "The run has ended already.", "Nothing to do."),
    Problem(
        409,
        "credentials_rejected",
        "The warehouse system refuses the credentials.",
        "Reconnect the integration with working credentials.",
    ),
    Problem(409, "settings_invalid", "There is no connector of that name.", "Correct the integration's settings."),
    Problem(415, "unsupported_media_type", "The body is not JSON.", "Send the body as application/json."),
    Problem(
        422,
        "invalid_request",
        "The cursor is not one that this API gave for this list.",
        "Repeat the request without `after`, with the same filters on every page.",
    ),
    Problem(
        422,
        "unsupported",
        "The warehouse system does not serve bills.",
        "Leave this data type out; the connected system does not offer it.",
    ),
    Problem(
        429,
        "cooling_down",
        "The same was synced by hand a moment ago; it may be again from 2026-05-04 08:05 UTC on.",
        "Use what that sync has brought, or ask again at the time that is named.",
        retryable=True,
    ),
    Problem(
        500,
        "internal",
        "Something went wrong on our side.",
        "Try again; if it stays, report it with the request's id.",
        retryable=True,
    ),
    Problem(503, "store_busy", "The worker did not answer in time.", "Try again.", retryable=True),
)
