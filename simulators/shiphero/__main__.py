"""`python -m simulators.shiphero`: the start."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from simulators.serving.limits import Bucket
from simulators.serving.start import run
from simulators.shiphero.vendor import CAPACITY, PER_SECOND, Shiphero


def make(rate: float | None) -> Shiphero:
    """`rate` is in credits a second; 0: nothing costs anything."""
    per_second = PER_SECOND if rate is None else rate
    return Shiphero(Bucket(CAPACITY, per_second) if per_second else None)


def credentials(number: int) -> Mapping[str, str]:
    return {
        "refresh_token": f"sim-refresh-{number}",
        "username": f"developer{number}@example.test",
        "password": f"sim-password-{number}",
    }


if __name__ == "__main__":
    sys.exit(run("shiphero", make, credentials, port=4770))
