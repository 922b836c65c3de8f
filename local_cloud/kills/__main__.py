"""`python -m local_cloud.kills`: ROUNDS=54 kills of real processes; prints what became of them; build/kills.json."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from local_cloud.cloud import ROOT
from local_cloud.kills.points import KILLS, POINTS, Kill
from local_cloud.kills.rounds import Round, play
from local_cloud.kills.stage import Stage, stage
from local_cloud.processes import LocalCloudError

RESULT = ROOT / "build" / "kills.json"
ROUNDS = 54


def main(rounds: int) -> int:
    played: list[Round] = []
    with TemporaryDirectory() as folder, stage(Path(folder)) as set_up:
        for number, kill in enumerate(islice(cycle(KILLS), rounds), start=1):
            done = _played(set_up, kill, number)
            played.append(done)
            outcome = f"recovered {_yes(done.recovered)}, stored = source {_yes(done.equal)}, {done.seconds:.1f} s"
            print(f"{number:3} {done.point} {done.victim:10} process {done.process}: {outcome}", flush=True)
            if not done.equal:
                print(done.found, flush=True)
    _write(played)
    print(_table(played))
    return 0 if all(each.recovered and each.equal for each in played) else 1


def _played(set_up: Stage, kill: Kill, number: int) -> Round:
    """A round that does not come to its end counts as one that was not recovered from."""
    try:
        return play(set_up, kill, number)
    except LocalCloudError as error:
        return Round(number, kill.point.name, kill.victim, 0, recovered=False, equal=False, seconds=0, found=str(error))


def _table(played: Sequence[Round]) -> str:
    lines = [
        "| point | done when it happens | killed | rounds | recovered | stored = source | seconds, median (most) |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    where = {point.name: point.where for point in POINTS}
    for point, victim in dict.fromkeys((kill.point.name, str(kill.victim)) for kill in KILLS):
        rounds = [each for each in played if (each.point, each.victim) == (point, victim)]
        if rounds:
            lines.append(f"| {point} | {where[point]} | {victim} | {_counted(rounds)} |")
    lines.append(f"| all | | | {_counted(played)} |")
    return "\n".join(lines)


def _counted(rounds: Sequence[Round]) -> str:
    recovered, equal = sum(each.recovered for each in rounds), sum(each.equal for each in rounds)
    seconds = [each.seconds for each in rounds]
    return f"{len(rounds)} | {recovered} | {equal} | {median(seconds):.1f} ({max(seconds):.1f})"


def _write(played: Sequence[Round]) -> None:
    result = {
        "rounds": len(played),
        "recovered": sum(each.recovered for each in played),
        "stored_equals_source": sum(each.equal for each in played),
        "kills": [asdict(each) for each in played],
    }
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=2) + "\n")


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "NO"


if __name__ == "__main__":
    try:
        sys.exit(main(int(os.environ.get("ROUNDS", ROUNDS))))
    except LocalCloudError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
