"""What is written for people leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.repository import FUNCTIONS, PRODUCT, ROOT, sources

LINK = re.compile(r"\]\((?!https?://|mailto:)([^)#\s]+)?(?:#([^)\s]+))?\)")
SECTIONS = ("Status: ", "## Context", "## Decision", "## Consequences", "## Rejected")


def _documents() -> list[Path]:
    """All that is kept: nothing from hidden folders, nothing that was built."""
    folders = [path for path in ROOT.iterdir() if path.is_dir() and path.name != "build" and path.name[0] != "."]
    return sorted([*ROOT.glob("*.md"), *(path for folder in folders for path in folder.rglob("*.md"))])


def _anchors(document: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", document.read_text(), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _broken(document: Path) -> list[str]:
    broken = []
    for path, anchor in LINK.findall(document.read_text()):
        target = document.parent / path if path else document
        is_there = target.exists() and (not anchor or anchor in _anchors(target))
        broken += [] if is_there else [f"{path}#{anchor}"]
    return broken


@pytest.mark.parametrize("document", _documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_of_a_document_leads_to_a_file_and_a_heading(document: Path) -> None:
    assert _broken(document) == []


def test_documents_that_sources_speak_of_are_there() -> None:
    """An alarm or an error that sends people to a page which does not exist helps nobody."""
    speakers = [ROOT / "template.yaml", *sources(PRODUCT, FUNCTIONS, ROOT / "local_cloud", ROOT / "simulators")]

    named = {name for path in speakers for name in re.findall(r"\bdocs/[\w./-]+\.\w+", path.read_text())}

    assert named
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_decisions_are_numbered_without_a_gap_and_have_the_same_parts() -> None:
    decisions = sorted((ROOT / "docs" / "adr").glob("*.md"))

    assert [int(path.name[:4]) for path in decisions] == list(range(1, len(decisions) + 1))
    for path in decisions:
        missing = [section for section in SECTIONS if f"\n{section}" not in path.read_text()]
        assert missing == [], path.name
