"""`make contract`: runs the contract of connectors and prints its table, check by connector: passed / all."""

from __future__ import annotations

import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from planster_sync.connectors import registry

SUITES = ("test_connectors.py", "test_connectors_over_http.py", "test_writers.py")
_WRITES = "a_connector_that_writes_keeps_the_contract"
"""The one test whose parameters name its checks."""

_CASE = re.compile(r"test_(?P<check>[^\[]+)(?:\[(?P<parameters>.*)\])?")


def main() -> int:
    """pytest's own exit code."""
    here = Path(__file__).parent
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(scratch) / "report.xml"
        suites = [str(here / each) for each in SUITES]
        code = pytest.main([*suites, "-q", "-n", "auto", "-p", "no:cacheprovider", f"--junitxml={report}"])
        print("\n".join(table(report)))
    return int(code)


def table(report: Path) -> Iterator[str]:
    """One line for each check that is made of a connector, in the suites' order."""
    names = registry.names()
    there: Counter[tuple[str, str]] = Counter()
    passed: Counter[tuple[str, str]] = Counter()
    for case in ElementTree.parse(report).getroot().iter("testcase"):  # noqa: S314  pytest's own file
        found = _CASE.fullmatch(case.get("name", ""))
        connector = next((each for each in names if found and each in (found["parameters"] or "").split("-")), None)
        if found is None or connector is None:
            continue
        one_of = found["parameters"].partition("-")[2] if found["check"] == _WRITES else found["check"]
        key = one_of.replace("_", " "), connector
        there[key] += 1
        passed[key] += not list(case)
    checks = list(dict.fromkeys(check for check, _ in there))
    width = max(map(len, checks), default=0)
    yield "  ".join([" " * width, *(name.rjust(9) for name in names)])
    for check in checks:
        cells = (f"{passed[check, each]}/{there[check, each]}" if there[check, each] else "-" for each in names)
        yield "  ".join([check.ljust(width), *(cell.rjust(9) for cell in cells)])


if __name__ == "__main__":
    sys.exit(main())
