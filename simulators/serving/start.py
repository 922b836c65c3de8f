"""`python -m simulators.<vendor>`: serves until SIGTERM or SIGINT, says `READY <url>` once it listens."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from simulators.business.spec import Record, size_of
from simulators.serving.account import Account
from simulators.serving.server import HOST, RunningServer, serve
from simulators.serving.simulation import Simulation, Vendor

PORT_TAKEN = 2


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def arguments_of(vendor: str, about: str, port: int) -> argparse.ArgumentParser:
    """The arguments that every simulator takes, but for its rates."""
    parser = argparse.ArgumentParser(prog=f"python -m simulators.{vendor}", description=about)
    parser.add_argument("--port", type=int, default=port, help="0 takes a free one")
    parser.add_argument("--seed", type=int, default=1, help="seed of the first account; the next count up")
    parser.add_argument("--size", type=size_of, default=size_of("small"), help="tiny, small, medium, large or a number")
    parser.add_argument("--accounts", type=int, default=1, help="how many: con-1, con-2, …")
    parser.add_argument("--base-date", type=_moment, default=None, help="ISO; default yesterday 00:00 UTC")
    return parser


def until_signal(parser: argparse.ArgumentParser, port: int, start: Callable[[], RunningServer[Any]]) -> int:
    """Runs a server; 0 after a signal, 2 when the port is taken or the arguments are wrong."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    try:
        running = start()
    except ValueError as problem:
        parser.error(str(problem))
    except OSError as problem:
        print(f"cannot listen on {HOST}:{port}: {problem.strerror}", file=sys.stderr)
        return PORT_TAKEN
    print(f"READY {running.url}", flush=True)
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    running.stop()
    return 0


def run(
    vendor: str,
    make: Callable[[float | None], Vendor[Account]],
    credentials: Callable[[int], Mapping[str, str]],
    port: int,
    arguments: Sequence[str] | None = None,
) -> int:
    """A vendor's whole start. `make` gets the rate asked for: None for the vendor's own, 0 for no limit.

    `credentials` are those of account number 1, 2, …
    """
    parser = arguments_of(vendor, f"The API of {vendor}, locally", port)
    parser.add_argument("--rate", type=float, default=None, help="the rate limit; default the vendor's, 0: none")
    chosen = parser.parse_args(arguments)

    def start() -> RunningServer[Account]:
        accounts: list[Record] = [
            {
                "connection_id": f"con-{number}",
                "credentials": credentials(number),
                "seed": chosen.seed + number - 1,
                "size": chosen.size,
            }
            for number in range(1, chosen.accounts + 1)
        ]
        return serve(Simulation(make(chosen.rate), chosen.base_date), accounts, chosen.port)

    return until_signal(parser, chosen.port, start)
