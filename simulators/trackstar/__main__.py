"""`python -m simulators.trackstar`: serves until SIGTERM or SIGINT. Prints one line, `READY <url>`, once it listens."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from simulators.business.spec import size_of
from simulators.trackstar.config import AccountSpec, ServerConfig
from simulators.trackstar.server import HOST, serve

PORT_TAKEN = 2


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m simulators.trackstar", description="Trackstar's WMS API, locally")
    parser.add_argument("--port", type=int, default=4700, help="0 takes a free one")
    parser.add_argument("--seed", type=int, default=1, help="seed of the first connection; the next count up")
    parser.add_argument("--size", type=size_of, default=size_of("small"), help="tiny, small, medium, large or a number")
    parser.add_argument(
        "--accounts", type=int, default=1, help="connections con-1, con-2, … with tokens sim-token-1, …"
    )
    parser.add_argument("--integration", default="sandbox", help="integration_name of every connection")
    parser.add_argument("--api-key", default="sim-api-key")
    parser.add_argument("--base-date", type=_moment, default=None, help="ISO; default yesterday 00:00 UTC")
    parser.add_argument("--rate-get", type=int, default=10, help="reads per second and token; 0: no limit")
    parser.add_argument("--rate-write", type=int, default=50, help="writes per second and token; 0: no limit")
    parser.add_argument("--unsupported", default="", help="actions that answer 501, comma-separated")
    parser.add_argument("--forbidden", default="", help="actions that answer 403, comma-separated")
    return parser


def _actions(text: str) -> frozenset[str]:
    return frozenset(each for each in text.split(",") if each)


def _config(arguments: argparse.Namespace) -> ServerConfig:
    accounts = tuple(
        AccountSpec(
            connection_id=f"con-{number}",
            access_token=f"sim-token-{number}",
            integration_name=arguments.integration,
            seed=arguments.seed + number - 1,
            size=arguments.size,
            unsupported=_actions(arguments.unsupported),
            forbidden=_actions(arguments.forbidden),
        )
        for number in range(1, arguments.accounts + 1)
    )
    return ServerConfig(
        accounts,
        port=arguments.port,
        api_key=arguments.api_key,
        base_date=arguments.base_date,
        rate_get=arguments.rate_get,
        rate_write=arguments.rate_write,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the server; 0 after a signal, 2 when the port is taken or the arguments are wrong."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    try:
        running = serve(_config(chosen))
    except ValueError as problem:
        parser.error(str(problem))
    except OSError as problem:
        print(f"cannot listen on {HOST}:{chosen.port}: {problem.strerror}", file=sys.stderr)
        return PORT_TAKEN
    print(f"READY {running.url}", flush=True)
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    running.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
