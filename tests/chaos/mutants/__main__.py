"""Plants each bug and counts how many schedules it takes to find it.

    python -m tests.chaos.mutants            all of them, from a fresh seed
    ONLY=8,a FIRST=77 MOST=500 python -m ... some, from that seed, at most so many schedules each

Writes build/chaos-mutants.json. Ends with 1 where a bug was not found.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.chaos.mutants.patches import PATCHES

OUTPUT = Path("build/chaos-mutants.json")


def main() -> int:
    wanted = [name for name in os.environ.get("ONLY", "").split(",") if name] or list(PATCHES)
    first = int(os.environ.get("FIRST") or secrets.randbelow(10**9))
    most = int(os.environ.get("MOST", "4000"))
    print(f"{len(wanted)} planted bugs, schedules from seed {first}, at most {most} each.", flush=True)
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        found = dict(zip(wanted, pool.map(lambda name: _hunt(name, first, most), wanted), strict=True))
    caught = {name: seeds for name, seeds in found.items() if seeds}
    OUTPUT.parent.mkdir(exist_ok=True)
    figures = {"planted": len(wanted), "caught": len(caught), "seeds_to_find": found}
    OUTPUT.write_text(json.dumps(figures, indent=1) + "\n")
    print(f"{len(caught)} of {len(wanted)} planted bugs found.")
    return 0 if len(caught) == len(wanted) else 1


def _hunt(name: str, first: int, most: int) -> int | None:
    """How many schedules it took, in a process of its own; None where none found it."""
    command = [sys.executable, "-m", "tests.chaos.mutants.hunt", name, str(first), str(most)]
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        print(done.stderr, file=sys.stderr)
        raise SystemExit(f"the hunt for {name} broke down")
    answer = json.loads(done.stdout)
    found = f"{answer['seeds']} schedules".rjust(15)
    said = f"{found}   {answer['invariant']:4}{answer['what'][:80]}" if answer["seeds"] else "not found"
    print(f"  {name:>2}  {PATCHES[name].what:62} {said}", flush=True)
    return answer["seeds"]  # type: ignore[no-any-return]


if __name__ == "__main__":
    sys.exit(main())
