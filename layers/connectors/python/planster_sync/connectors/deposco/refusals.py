"""What Deposco answers to a purchase order that it does not take, in words that a planner understands."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import msgspec

from planster_sync.errors import WriteRefused
from planster_sync.http.messages import Answer

_REASONS: Mapping[re.Pattern[str], str] = MappingProxyType(
    {
        re.compile(r"cannot be updated while in the status of \[([A-Za-z -]{1,40})\]"): (
            "The purchase order can no longer be changed: in the warehouse it is in the status {0}."
        ),
        re.compile(r"[Oo]rder status updates are not accepted"): (
            "The warehouse system already has this purchase order and does not take another status for it."
        ),
        re.compile(r"(?i)invalid business unit"): "The warehouse system does not know the integration's business unit.",
        re.compile(r"(?i)\bpack with business key"): (
            "The warehouse system has no pack of a single piece for an item of the purchase order{sku}."
        ),
        re.compile(r"(?i)\bitem with business key"): (
            "The warehouse system does not know an item of the purchase order{sku}."
        ),
        re.compile(r"(?i)\bfacility with business key"): (
            "The warehouse system does not know the warehouse that the purchase order names."
        ),
        re.compile(r"(?i)\btrading ?partner with business key"): (
            "The warehouse system does not know the supplier that the purchase order names."
        ),
        re.compile(r"(?i)quantity"): "The warehouse system does not take a quantity of the purchase order.",
    }
)
"""Patterns of the vendor's own sentences; the first that fits tells.

Seen were those of the status and of the item; the others are assumed to be worded alike.
"""

_OTHERWISE = "The warehouse system refused the purchase order without a reason that is known."


def refusal(answer: Answer, skus: Sequence[str]) -> WriteRefused:
    """The refusal as an error. Of the vendor's text only a status word is quoted, and what we named ourselves."""
    told = _told(answer.body)
    named = [sku for sku in skus if sku in told]
    sku = f" ({max(named, key=len)})" if named else ""
    for pattern, sentence in _REASONS.items():
        match = pattern.search(told)
        if match:
            return WriteRefused(sentence.format(*match.groups(), sku=sku), detail=f"status {answer.status}")
    return WriteRefused(_OTHERWISE, detail=f"status {answer.status}, {len(answer.body)} bytes")


def _told(body: bytes) -> str:
    """The error messages of `{errors: [{errorMessage}]}`; plain text as it is."""
    try:
        held: Any = msgspec.json.decode(body)
        return " ".join(str(each["errorMessage"]) for each in held["errors"])
    except (msgspec.MsgspecError, UnicodeDecodeError, KeyError, TypeError):
        return body.decode("utf-8", "replace")
