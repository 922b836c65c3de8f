"""Why Extensiv did not take a change, in words for a planner.

Source: the vendor's exceptions page. 400 and 403 carry `$type`, `ErrorCode` and, for a model that does not fit,
`Properties` whose names, never their values, are looked at. 412 and 428 are If-Match's.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import msgspec

from planster_sync.errors import Conflict, Forbidden, NotFound, SyncError, WriteRefused
from planster_sync.http.messages import Answer
from planster_sync.mapping.words import folded

REFUSING = frozenset({400, 403, 404, 409, 412, 428})

_WHAT: Mapping[str, str] = MappingProxyType(
    {
        "customeridentifier": "the merchant",
        "facilityidentifier": "the warehouse",
        "itemidentifier": "an item",
        "sku": "an item's SKU",
        "qualifier": "an item's qualifier",
        "qty": "a quantity",
        "lotnumber": "a lot number",
        "serialnumber": "a serial number",
        "expirationdate": "an expiry date",
        "supplieridentifier": "the supplier",
        "referencenum": "the reference",
        "ponum": "the purchase order's number",
        "expecteddate": "the expected date",
        "arrivaldate": "the arrival date",
        "trackingnumber": "the tracking number",
    }
)
"""The last part of a property's name, folded, as a planner says it."""

_SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "Duplicate": "The warehouse already has an inbound shipment with this reference.",
        "Required": "The warehouse needs {what} and was not given it.",
        "DoesNotExist": "The warehouse does not know {what} that the inbound shipment names.",
        "Incompatible": "{what} does not go together with the rest of the inbound shipment.",
        "ValueNotSupported": "The warehouse does not accept {what} as it was given.",
        "NotParsable": "The warehouse could not read {what}.",
        "InUse": "The inbound shipment is being worked on in the warehouse.",
        "OrderConfirmed": "The inbound shipment was already received and can no longer be changed.",
        "AlreadyCompleted": "The inbound shipment was already completed and can no longer be changed.",
        "OrderCanceled": "The inbound shipment was cancelled in the warehouse.",
        "DateInFuture": "A date lies in the future where the warehouse does not allow it.",
        "DateBeforeFreeze": "A date lies in a period that the warehouse has closed.",
    }
)
_OTHER = "The warehouse did not accept the inbound shipment."


def refusal(answer: Answer) -> SyncError | None:
    """The error that an answer to a change means; None where the vendor took it."""
    told = _told(answer.body)
    code = _text(told, "ErrorCode")
    if answer.status < 400 and not code:
        return None
    detail = f"status {answer.status}, {code or 'no code'}"
    if answer.status in (409, 412, 428):
        return Conflict("The inbound shipment was changed in the warehouse meanwhile.", detail=detail)
    if answer.status == 404:
        return NotFound("The warehouse does not have this inbound shipment.", detail=detail)
    if answer.status == 403 and code not in _SENTENCES:
        return Forbidden("The connected account may not change inbound shipments.", detail=detail)
    sentence = _SENTENCES.get(code, _OTHER).format(what=_what(told))
    return WriteRefused(f"{sentence[:1].upper()}{sentence[1:]}", detail=detail)


def _told(body: bytes) -> Mapping[str, Any]:
    try:
        found = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _text(told: Mapping[str, Any], name: str) -> str:
    found = told.get(name)
    return found if isinstance(found, str) else ""


def _what(told: Mapping[str, Any]) -> str:
    properties = told.get("Properties")
    for each in properties if isinstance(properties, list) else ():
        name = each.get("Name") if isinstance(each, dict) else None
        steps = [folded(step) for step in str(name).split(".")]
        known = next((_WHAT[step] for step in reversed(steps) if step in _WHAT), None)
        if known:
            return known
    return "something"
