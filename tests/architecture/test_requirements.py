"""What is installed is pinned, comes from wherever the machine is told to look, and is the same everywhere."""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.architecture.repository import REQUIREMENTS, ROOT, pins

LOCKS = ("bootstrap", "layer", "dev", "sam", "cloud", "bench", "audit")


@pytest.mark.parametrize("name", LOCKS)
def test_lock_pins_everything_with_hashes_and_names_no_address(name: str) -> None:
    text = (REQUIREMENTS / f"{name}.txt").read_text()
    entries = re.split(r"\n(?=\S)", text.strip())

    loose = [entry.splitlines()[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry]

    assert loose == []
    assert "://" not in text
    assert "index" not in text


def test_development_uses_the_versions_of_the_layer() -> None:
    layer, development = pins(REQUIREMENTS / "layer.txt"), pins(REQUIREMENTS / "dev.txt")

    assert {name: development.get(name) for name in layer} == layer


def test_package_declares_what_the_layer_brings() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = {re.split(r"[>=<\[ ]", each)[0] for each in project["dependencies"]}

    assert declared == set((REQUIREMENTS / "layer.in").read_text().split())
