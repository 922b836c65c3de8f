"""Samples varied and mapped, as tests of single traps need them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from planster_sync.connectors import registry
from planster_sync.model.record import Record
from tests.connectors.cin7_core.subject import SETTINGS, sample

LEEDS, YORK = "6b7f0000-aaaa-4aaa-8aaa-000000000001", "6b7f0000-aaaa-4aaa-8aaa-000000000002"
LAMP = "11110000-aaaa-4aaa-8aaa-000000000012"


def varied(name: str, **changes: Any) -> dict[str, Any]:
    return {**json.loads(sample(name)), **changes}


def mapped(read: str, document: Mapping[str, Any], **settings: Any) -> list[dict[str, Any]]:
    mapper = registry.mapper("cin7_core", {**SETTINGS, **settings})
    found = mapper.map(read, json.dumps(document).encode())
    records: tuple[Record, ...] = (*found.owned, *found.shared)
    return [{"data_type": str(each.data_type), **each.attributes()} for each in records]


def first(read: str, document: Mapping[str, Any], **settings: Any) -> dict[str, Any]:
    return mapped(read, document, **settings)[0]


def of_type(found: list[dict[str, Any]], data_type: str) -> list[dict[str, Any]]:
    return [each for each in found if each["data_type"] == data_type]
