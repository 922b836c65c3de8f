"""Asks the advisory database about every package of every lock. Run: `make audit`.

It ends well only where every package was asked about and nothing is known of any. A database that cannot be reached is
said, and is no success: exit code 2. An advisory that does not concern us is listed in ACCEPTED with the reason.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.architecture.repository import REQUIREMENTS, ROOT

TOOL = ROOT / ".venv-audit" / "bin" / "pip-audit"
ACCEPTED: Mapping[str, str] = {}
"""Advisories by id, with the reason for which they do not concern us."""
WELL, KNOWN, UNASKED = 0, 1, 2


def judged(lock: str, told: Mapping[str, Any]) -> tuple[int, list[str]]:
    """The exit code that a report stands for, and what to say."""
    parts = told["dependencies"]
    skipped = [f"{part['name']}: {part['skip_reason']}" for part in parts if "skip_reason" in part]
    holes = [f"{lock}: {each}" for part in parts for each in _holes(part)]
    if holes:
        return KNOWN, holes
    if skipped or not parts:
        unasked = f"could not be asked about {len(skipped)} of {len(parts)} packages, so that NOTHING is known of them"
        return UNASKED, [f"{lock}: the advisory database {unasked}. The first: {(skipped or ['nothing was read'])[0]}"]
    return WELL, [f"{lock}: {len(parts)} packages, no advisory"]


def _holes(part: Mapping[str, Any]) -> Iterator[str]:
    for each in part.get("vulns", ()):
        if each["id"] not in ACCEPTED:
            yield f"{part['name']} {part['version']} {each['id']}, mended in {each.get('fix_versions') or 'no version'}"


def _report(lock: Path) -> Mapping[str, Any]:
    options = ["--require-hashes", "--disable-pip", "--no-deps", "--progress-spinner", "off", "--format", "json"]
    done = subprocess.run(
        [str(TOOL), "--requirement", str(lock), *options], capture_output=True, text=True, check=False
    )
    try:
        told: Mapping[str, Any] = json.loads(done.stdout)
    except ValueError:
        reason = (done.stderr.strip().splitlines() or ["no answer"])[-1]
        return {"dependencies": [{"name": "all of it", "skip_reason": reason}]}
    return told


def main() -> int:
    worst = WELL
    for lock in sorted(REQUIREMENTS.glob("*.txt")):
        code, lines = judged(lock.name, _report(lock))
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        worst = KNOWN if KNOWN in (worst, code) else max(worst, code)
    return worst


if __name__ == "__main__":
    sys.exit(main())
