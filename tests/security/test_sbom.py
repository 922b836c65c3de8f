"""The bills of materials are CycloneDX, complete, and the same each time. With the built layer: tests/architecture."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tests.architecture.repository import FUNCTIONS, REQUIREMENTS, pins
from tests.security.bill_of_materials import ARTEFACTS, LAYER, OWN, documents

AT = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def boms() -> dict[str, Any]:
    return {name: json.loads(text) for name, text in documents(AT).items()}


def test_every_document_follows_the_schema() -> None:
    validator = JsonStrictValidator(SchemaVersion.V1_6)

    told = documents(AT)

    assert set(told) == {LAYER, *ARTEFACTS}
    assert [name for name, text in told.items() if validator.validate_str(text) is not None] == []


def test_layer_s_document_has_every_pin_of_the_lock_with_hashes_and_a_licence(boms: dict[str, Any]) -> None:
    parts = {each["name"]: each for each in boms[LAYER]["components"]}
    locked = pins(REQUIREMENTS / "layer.txt")

    assert {name: each["version"] for name, each in parts.items() if name != OWN} == locked
    assert [name for name, each in parts.items() if not each.get("hashes") or not each.get("licenses")] == []


@pytest.mark.parametrize("name", ARTEFACTS)
def test_function_s_document_has_its_files_and_leads_to_the_layer_s(name: str, boms: dict[str, Any]) -> None:
    own = boms[name]

    files = {str(path.relative_to(FUNCTIONS / ARTEFACTS[name])) for path in (FUNCTIONS / ARTEFACTS[name]).rglob("*.py")}
    assert {each["name"] for each in own["components"]} == files
    (reference,) = own["metadata"]["component"]["externalReferences"]
    assert reference["url"] == f"urn:cdx:{boms[LAYER]['serialNumber'].removeprefix('urn:uuid:')}/1"


def test_two_runs_are_equal() -> None:
    assert documents(AT) == documents(AT)
