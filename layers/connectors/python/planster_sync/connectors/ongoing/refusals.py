"""Ongoing's refusals of a purchase order, in words that a planner understands.

The vendor answers 400 with a `message` in plain language, whose texts are not published: the patterns are assumptions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from planster_sync.errors import WriteRefused

_BEGUN = (
    "The warehouse has begun to work on this purchase order; it can no longer be changed.",
    "Ask the warehouse to change it, or announce what is to come besides in another inbound shipment.",
)
_SENTENCES: Sequence[tuple[re.Pattern[str], str, str | None]] = tuple(
    (re.compile(pattern, re.IGNORECASE), what, remedy)
    for pattern, what, remedy in (
        (
            r"article.*(not exist|not found|unknown|no such)|(unknown|no such) article",
            "The warehouse does not know one of the articles.",
            "Create the article in the warehouse system, then send the inbound shipment again.",
        ),
        (
            r"(same|duplicate|more than once).*(article|row)|(article|row).*(twice|duplicate|more than once)",
            "The warehouse takes each article only once in a purchase order.",
            None,
        ),
        (r"cancel", "The purchase order has been cancelled in the warehouse; it can no longer be changed.", None),
        (r"start|begun|receiv|status", *_BEGUN),
        (r"warehouse", "The warehouse system does not have this warehouse.", None),
        (r"goods ?owner", "The goods owner may not make this purchase order.", None),
        (r"supplier", "The warehouse system does not take this supplier.", None),
        (r"date", "The warehouse system does not take this date of arrival.", None),
    )
)


def refusal(body: bytes) -> WriteRefused:
    """The vendor's answer as an error. The text itself is not quoted: it may hold names."""
    text = _message(body)
    for pattern, what, remedy in _SENTENCES:
        if pattern.search(text):
            return WriteRefused(what, remedy=remedy)
    return WriteRefused("The warehouse system refused the inbound shipment for a reason that is not known here.")


def begun() -> WriteRefused:
    """For a purchase order that the warehouse works on already."""
    return WriteRefused(_BEGUN[0], remedy=_BEGUN[1])


def _message(body: bytes) -> str:
    """`message` or `Message`, and what `ModelState` says of single fields, without its HTML."""
    try:
        found = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return ""
    if not isinstance(found, dict):
        return ""
    told = [found.get("message"), found.get("Message"), found.get("ModelState")]
    return re.sub(r"<[^>]*>", " ", " ".join(str(each) for each in told if each))
