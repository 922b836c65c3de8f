"""`python -m simulators.shipbob`: accounts con-1, con-2, … with the tokens sim-pat-1, …; `--rate` is a minute's."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from simulators.serving.start import run
from simulators.shipbob.vendor import ShipBob


def credentials(number: int) -> Mapping[str, str]:
    return {"token": f"sim-pat-{number}"}


if __name__ == "__main__":
    sys.exit(run("shipbob", ShipBob, credentials, port=4760))
