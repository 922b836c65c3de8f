"""Starts the simulator: `python -m simulators.ongoing`."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from simulators.ongoing.vendor import Ongoing
from simulators.serving.limits import Unlimited, Windows
from simulators.serving.start import run


def make(rate: float | None) -> Ongoing:
    """With a limit of so many requests a second; 0 is none at all."""
    return Ongoing() if rate is None else Ongoing(Windows(rate, 1) if rate else Unlimited())


def credentials(number: int) -> Mapping[str, str]:
    return {
        "warehouse": "simulated",
        "username": f"WSI-sim-{number}",
        "password": f"sim-password-{number}",
        "goods_owner_id": "77",
    }


if __name__ == "__main__":
    sys.exit(run("ongoing", make, credentials, port=4740))
