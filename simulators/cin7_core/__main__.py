"""`python -m simulators.cin7_core`: serves until SIGTERM or SIGINT. Prints one line, `READY <url>`, once it listens."""

from __future__ import annotations

import sys

from simulators.cin7_core.vendor import credentials, make
from simulators.serving.start import run

if __name__ == "__main__":
    sys.exit(run("cin7_core", make, credentials, port=4730))
