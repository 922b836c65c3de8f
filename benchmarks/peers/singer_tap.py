"""A tap made with singer-sdk over Trackstar's lists; its schema is read off an example of each kind."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, ClassVar

from singer_sdk import RESTStream, Tap
from singer_sdk import typing as th
from singer_sdk.pagination import JSONPathPaginator

from benchmarks import shapes
from benchmarks.peers.work import CURSOR, HEADERS, PAGE

KIND = os.environ["PEER_KIND"]
IS_INCREMENTAL = os.environ["PEER_VARIANT"] == "incremental"
_FREE = {"additional_fields", "inventory_by_warehouse_id", "trackstar_tags"}
_EXAMPLES = 50
_OBJECT: dict[str, Any] = {"type": ["object", "null"], "properties": {}, "additionalProperties": True}


def schema(kind: str) -> dict[str, Any]:
    """What the examples together have; a field that is always null is text."""
    merged: Any = None
    for number in range(_EXAMPLES):
        merged = _merged(merged, shapes.record(kind, number, 1))
    described = _described(merged)
    described["properties"][CURSOR] = {"type": ["string", "null"], "format": "date-time"}
    return described


def _merged(one: Any, other: Any) -> Any:
    if isinstance(one, dict) and isinstance(other, dict):
        return {name: _merged(one.get(name), other.get(name)) for name in {**one, **other}}
    if isinstance(one, list) and isinstance(other, list):
        together = None
        for each in (*one, *other):
            together = _merged(together, each)
        return [together] if together is not None else []
    return one if other is None or isinstance(one, float) else other


def _described(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        fields = {name: _free(inner) if name in _FREE else _described(inner) for name, inner in value.items()}
        return {"type": ["object", "null"], "properties": fields}
    if isinstance(value, list):
        return {"type": ["array", "null"], "items": _described(value[0] if value else None)}
    for kind, name in ((bool, "boolean"), (int, "integer"), (float, "number")):
        if isinstance(value, kind):
            return {"type": [name, "null"]}
    return {"type": ["string", "null"]}


def _free(value: Any) -> dict[str, Any]:
    if isinstance(value, list):
        return {"type": ["array", "null"], "items": {**_OBJECT, "type": ["string", "object"]}}
    return _OBJECT


class Records(RESTStream):  # type: ignore[misc]
    name = KIND
    path = f"/wms/{KIND}"
    primary_keys: ClassVar[list[str]] = ["id"]
    replication_key = CURSOR if IS_INCREMENTAL else None
    url_base = os.environ["PEER_UPSTREAM"]
    records_jsonpath = "$.data[*]"
    schema: ClassVar[dict[str, Any]] = schema(KIND)

    @property
    def http_headers(self) -> dict[str, str]:
        return {**HEADERS, "x-trackstar-access-token": os.environ["PEER_TOKEN"]}

    def get_new_paginator(self) -> Any:
        return JSONPathPaginator("$.next_token")

    def get_url_params(self, context: Mapping[str, Any] | None, next_page_token: Any) -> dict[str, Any]:
        since = self.get_starting_replication_key_value(context) if IS_INCREMENTAL else None
        wanted = {"limit": PAGE, "page_token": next_page_token, f"{CURSOR}[gte]": since}
        return {name: value for name, value in wanted.items() if value}


class TapTrackstar(Tap):  # type: ignore[misc]
    name = "tap-trackstar"
    config_jsonschema = th.PropertiesList().to_dict()

    def discover_streams(self) -> list[Any]:
        return [Records(self)]


if __name__ == "__main__":
    TapTrackstar.cli()
