"""`python -m simulators.trackstar`: serves until SIGTERM or SIGINT. Prints one line, `READY <url>`, once it listens."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from simulators.serving.start import arguments_of, until_signal
from simulators.trackstar.config import AccountSpec, ServerConfig
from simulators.trackstar.server import serve


def _parser() -> argparse.ArgumentParser:
    """Connections are con-1, con-2, … with tokens sim-token-1, …."""
    parser = arguments_of("trackstar", "Trackstar's WMS API, locally", 4700)
    parser.add_argument("--integration", default="sandbox", help="integration_name of every connection")
    parser.add_argument("--api-key", default="sim-api-key")
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
    return until_signal(parser, chosen.port, lambda: serve(_config(chosen)))


if __name__ == "__main__":
    sys.exit(main())
