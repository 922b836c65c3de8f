"""Writes docs/events: `python -m tests.unit.entry.webhooks.write_schemas` in the repository's root."""

from __future__ import annotations

import json
from pathlib import Path

from planster_sync.entry.webhooks.bodies import BODIES
from planster_sync.model.webhooks import Kind

FOLDER = Path(__file__).parents[4] / "docs" / "events"


def path_of(kind: Kind) -> Path:
    return FOLDER / f"{kind.value}.json"


def current(kind: Kind) -> str:
    """Open to fields that are added later, as the document promises."""
    schema = BODIES[kind].model_json_schema(mode="serialization")
    for part in (schema, *schema.get("$defs", {}).values()):
        part.pop("additionalProperties", None)
        if "enum" in part:
            part.pop("description", None)  # it is written for those who read the code
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    return json.dumps(whole, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for each in Kind:
        path_of(each).write_text(current(each), encoding="utf-8")
