"""Starts the simulator: `python -m simulators.ongoing`."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from simulators.ongoing.vendor import Ongoing
from simulators.serving.limits import Windows
from simulators.serving.start import run


def make(rate: float | None) -> Ongoing:
    """With a limit of so many requests a second; the vendor's own is not published."""
    return Ongoing(Windows(rate, 1) if rate else None)


def credentials(number: int) -> Mapping[str, str]:
    return {
        "warehouse": "simulated",
        "username": f"WSI-sim-{number}",
        "password": f"sim-password-{number}",
        "goods_owner_id": f"10{number}",
    }


if __name__ == "__main__":
    sys.exit(run("ongoing", make, credentials, port=4740))
