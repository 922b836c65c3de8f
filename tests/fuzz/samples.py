"""Requests that succeed where products are stored: examples that fit a deployment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

KIND = "products"
WEBHOOK = {"url": "http://127.0.0.1:9/hook"}
"""Nobody is there; it is the machine's own address, which a local deployment may send to."""


def samples_for(integration: str, known: Mapping[str, Sequence[str]]) -> Mapping[str, Mapping[str, Any]]:
    """By operation: values for the address and a `body`. The first of the known records is a product."""
    product = known["record"][0]
    place = {"data_type": KIND, "record": product}
    renamed = {"data_type": KIND, "fields": {"name": "Mug"}, "reason": "renamed"}
    lines = {"data_type": KIND, "effect": "apply", "csv": f"id,name\n{product},Cup\n", "reason": "renamed"}
    return {
        "getRecord": place,
        "getAdjustments": place,
        "withdrawAdjustment": place,
        "adjustRecord": {"body": {**renamed, "record": product}},
        "adjustRecords": {"body": lines},
        "registerWebhook": {"body": WEBHOOK},
        "verifySource": {"body": {"data_type": KIND, "sample": 2}},
        "disconnect": {"body": {"integration": integration}},
    }
