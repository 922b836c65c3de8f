"""What the audits say is what they were told, and nothing that they pass over is without a reason."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.architecture.repository import ROOT
from tests.security.advisories import KNOWN, UNASKED, WELL, judged

FINE = {"name": "good", "version": "1.0", "vulns": []}
HOLE = {"name": "bad", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}]}
UNKNOWN = {"name": "far", "skip_reason": "Dependency not found on PyPI and could not be audited: far (1.0)"}


@pytest.mark.parametrize(
    ("parts", "code", "said"),
    [
        ([FINE], WELL, "1 packages, no advisory"),
        ([FINE, HOLE], KNOWN, "PYSEC-1, mended in ['1.1']"),
        ([FINE, UNKNOWN], UNASKED, "could not be asked about 1 of 2"),
        ([HOLE, UNKNOWN], KNOWN, "PYSEC-1"),
        ([], UNASKED, "NOTHING is known"),
    ],
)
def test_audit_ends_well_only_where_everything_was_asked_about(parts: list[Any], code: int, said: str) -> None:
    found, lines = judged("layer.txt", {"dependencies": parts})

    assert found == code
    assert said in lines[0]


def test_every_check_of_the_template_that_is_passed_over_has_its_reason() -> None:
    lines = (ROOT / ".checkov.yaml").read_text().partition("skip-check:")[2].strip().splitlines()
    passed = [place for place, line in enumerate(lines) if re.fullmatch(r"\s+- CKV\w+", line)]

    assert passed
    assert [lines[place] for place in passed if not lines[place - 1].strip().startswith("# ")] == []
    assert [line for line in lines if not line.strip().startswith(("# ", "- CKV"))] == []


def test_every_security_rule_that_is_switched_off_for_a_line_says_why() -> None:
    folders = ("layers", "functions", "client", "local_cloud", "simulators", "benchmarks", "tests")
    texts = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    silent = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in texts
        for line in path.read_text().splitlines()
        if re.search(r"# noqa: [A-Z0-9, ]*\bS\d+[A-Z0-9, ]*$", line)
    ]

    assert silent == []
