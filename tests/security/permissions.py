"""Function by action: what is granted, and what a recorded run used of it. Run: `python -m tests.security.permissions`.

Without arguments it plays the run (some seconds) and prints the table with the number of calls; `--document` prints
the table of docs/security.md, which the tests compare with what was recorded.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout

from tests.security.explained import why_unused
from tests.security.policies import ROLES, Grant, grants

USED = "yes"


def table(use: Callable[[Grant], str]) -> str:
    rows = "".join(f"| {' | '.join(each)} |\n" for each in _rows(use))
    return f"| function | action | on | statement | used |\n| --- | --- | --- | --- | --- |\n{rows}"


def documented(grant: Grant) -> str:
    """What the document says: that a recorded call used it, or why none does."""
    return why_unused(grant) or USED


def _rows(use: Callable[[Grant], str]) -> Iterator[tuple[str, ...]]:
    for role, function in ROLES.items():
        for grant in grants(role):
            yield function, grant.action, _short(grant.resource), grant.sid + _conditions(grant), use(grant)


def _conditions(grant: Grant) -> str:
    return "".join(f", {key} in {', '.join(told)}" for _, key, told in grant.conditions).replace("|", "\\|")


def _short(resource: str) -> str:
    """Without what stands in each: partition, region and account."""
    return resource if resource == "*" else f"`{':'.join(part for part in resource.split(':')[5:])}`"


def main() -> int:
    if "--document" in sys.argv[1:]:
        sys.stdout.write(table(documented))
        return 0
    import pytest  # noqa: PLC0415

    from tests.security.every_call import play  # noqa: PLC0415

    with pytest.MonkeyPatch.context() as patches, redirect_stdout(io.StringIO()):
        found = play(patches)
    sys.stdout.write(
        table(
            lambda grant: (
                f"{found.used[grant.role][grant]} calls" if found.used[grant.role][grant] else documented(grant)
            )
        )
    )
    for role, refused in found.refused.items():
        for each in sorted(refused):
            sys.stdout.write(f"NOT GRANTED: {role} {each}\n")
    return 1 if any(found.refused.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
