"""Plays the twelve failures and prints the table of docs/recovery.md: `python -m tests.recovery`."""

from __future__ import annotations

import sys

from tests.recovery.rehearsals import REHEARSALS

COLUMNS = (
    "failure",
    "done to the system",
    "seen meanwhile",
    "alarms that ring",
    "mended by",
    "hours",
    "stored = source",
)


def main() -> int:
    print(f"| {' | '.join(COLUMNS)} |")
    print(f"|{' --- |' * len(COLUMNS)}")
    is_well = True
    for name, play in REHEARSALS.items():
        found = play()
        is_well &= not found.difference
        alarms = ", ".join(found.rang) or "none"
        cells = [name, found.injected, found.seen, alarms, found.mended, f"{found.hours:g}", found.difference or "yes"]
        print(f"| {' | '.join(cells)} |", flush=True)
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
