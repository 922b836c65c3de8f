"""Prints what each attempt at each address is answered: `python -m tests.integration.api.tenants_table`."""

from __future__ import annotations

import sys

from tests.integration.api.test_tenants import ATTEMPTS, PATHS, kept, tried, tries, world

ORGANISATION = "/v1/organisations/{organisation}"


def rows() -> list[list[str]]:
    """A row per address: what it needs, and per attempt the answer; `CHANGED` where something was left behind."""
    answers: dict[tuple[str, str], dict[str, str]] = {each: {} for each in sorted(PATHS)}
    for attempt, path, method in tries():
        made = world()
        before = kept(made)
        status, problem = tried(made, attempt, path, method)
        mark = "" if kept(made) == before else " CHANGED"
        answers[path, method][attempt.name] = f"{status} {problem['code']}{mark}"
    return [
        [f"`{method} {path.removeprefix(ORGANISATION)}`", PATHS[path, method].rpartition("/")[2]]
        + [told.get(attempt.name, "-") for attempt in ATTEMPTS]
        for (path, method), told in answers.items()
    ]


def main() -> int:
    """0 when every attempt ended as it must, 1 when one did not."""
    table = rows()
    print(f"Below `{ORGANISATION}`; nothing was changed, queued or sent by any attempt that is not marked.\n")
    print("| " + " | ".join(["address", "needs", *(attempt.name for attempt in ATTEMPTS)]) + " |")
    print("| --- " * (len(ATTEMPTS) + 2) + "|")
    for row in table:
        print("| " + " | ".join(row) + " |")
    meant = [f"{attempt.status} {attempt.code}" for attempt in ATTEMPTS]
    wrong = [row for row in table for told, must in zip(row[2:], meant, strict=True) if told not in (must, "-")]
    made = sum(told != "-" for row in table for told in row[2:])
    print(f"\n{len(table)} addresses, {made} attempts, {len(wrong)} let through.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
