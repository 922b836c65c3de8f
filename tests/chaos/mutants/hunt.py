"""One planted bug in this process: schedules, one after the other, until an invariant breaks."""

from __future__ import annotations

import json
import sys
from importlib import import_module

from tests.chaos.mutants.patches import PATCHES
from tests.chaos.mutants.planting import plant


def main() -> None:
    name, first, most = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    plant(PATCHES[name])
    twins, plan = import_module("tests.chaos.twins"), import_module("tests.chaos.plan")
    for count in range(1, most + 1):
        world = twins.told(plan.plan_of(first + count - 1))
        if world.history.violations:
            invariant, what = world.history.violations[0]
            print(json.dumps({"seeds": count, "invariant": invariant, "what": what}))
            return
    print(json.dumps({"seeds": None, "invariant": "", "what": ""}))


if __name__ == "__main__":
    main()
