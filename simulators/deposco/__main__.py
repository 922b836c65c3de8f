"""`python -m simulators.deposco --port 4750`."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from simulators.deposco.vendor import Deposco
from simulators.serving.limits import Unlimited, Windows
from simulators.serving.start import run


def make(rate: float | None) -> Deposco:
    """The vendor; `rate` requests a second for each account, None for its own, 0 for no limit."""
    if rate is None:
        return Deposco()
    return Deposco(Windows(rate, 1) if rate else Unlimited())


def credentials(number: int) -> Mapping[str, str]:
    """What account number 1, 2, … is known by."""
    return {
        "username": f"sim-user-{number}",
        "password": f"sim-password-{number}",
        "client_id": f"sim-client-{number}",
        "client_secret": f"sim-secret-{number}",
        "refresh_token": f"sim-installation-{number}",
    }


if __name__ == "__main__":
    sys.exit(run("deposco", make, credentials, port=4750))
