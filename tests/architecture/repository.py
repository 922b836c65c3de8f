"""Where things lie in this repository."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ROOT / "layers" / "connectors" / "python" / "planster_sync"
FUNCTIONS = ROOT / "functions"
REQUIREMENTS = ROOT / "requirements"


def sources(*folders: Path) -> Iterator[Path]:
    for folder in folders:
        yield from sorted(folder.rglob("*.py"))


def pins(lock: Path) -> dict[str, str]:
    """Name and version of everything that a lock names."""
    return dict(re.findall(r"^([A-Za-z0-9_.-]+)==([^ ;\\]+)", lock.read_text(), flags=re.MULTILINE))
