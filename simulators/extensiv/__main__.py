"""`python -m simulators.extensiv`."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from simulators.extensiv.vendor import Extensiv
from simulators.serving.limits import Windows
from simulators.serving.start import run


def _make(rate: float | None) -> Extensiv:
    return Extensiv(Windows(rate) if rate else None)


def _credentials(number: int) -> Mapping[str, str]:
    return {
        "client_id": f"sim-client-{number}",
        "client_secret": f"sim-secret-{number}",
        "user_login": f"sim-user-{number}",
    }


if __name__ == "__main__":
    sys.exit(run("extensiv", _make, _credentials, port=4720))
