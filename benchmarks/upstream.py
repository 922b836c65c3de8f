"""Trackstar's lists of inventory, products and orders for measuring, in a process of its own.

    .venv/bin/python -m benchmarks.upstream [--port 0] [--records 100000] [--seed 1] [--volatile]

    GET /wms/<kind>?limit=1000&page_token=…&trackstar_updated_date[gte]=…      a page of a thousand
    GET /wms/<kind>?ids[in]=a,b                                                those that there are
    GET /_control/…   day?2   latency?ms=200   volatile?1   empty?1   stats   reset   truth?<kind>&<token>

An access token that ends in `_5000` or `_5000-17` names an account of 5,000 records, the second form the 17th of that
size; any other names one of `--records`.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qsl

import msgspec

from benchmarks.account import Account
from benchmarks.serving import Asked, Reply, serve
from benchmarks.shapes import KINDS

CONTROL = "/_control/"
CURSORS = ("trackstar_updated_date[gte]", "updated_date[gte]")
_SIZED = re.compile(r"_(\d+)(?:-(\d+))?$")
_MOST_IDS = 100
_MOST_KEPT = 2_000_000_000
"""Bytes of pages: 700,000 records on two days. Beyond it pages are written anew each time, at 10 ms each."""


class Upstream:
    """`accounts` gives the account of an access token and a kind."""

    def __init__(self, accounts: Callable[[str, str], Account]) -> None:
        self._accounts = accounts
        self._day = 1
        self._latency = 0.0
        self._volatile = False
        self._empty = False
        self._pages: dict[tuple[object, ...], Reply] = {}
        self._requests = self._bytes = self._kept = 0

    def handle(self, asked: Asked) -> Reply:
        path, _, query = asked.target.partition("?")
        if path.startswith(CONTROL):
            return self.control(path.removeprefix(CONTROL), query)
        _, area, kind = path.split("/", 2)
        if asked.method != "GET" or area != "wms" or kind not in KINDS:
            return _refused(404, f"There is no {asked.method} {path}.")
        reply = self._list(asked.header("x-trackstar-access-token") or "", kind, dict(parse_qsl(query)))
        self._requests += 1
        self._bytes += len(reply.body)
        return reply if not self._latency else Reply(reply.body, reply.status, reply.headers, self._latency)

    def control(self, action: str, query: str) -> Reply:
        """`empty` answers every list with nothing; `truth` tells id and moment of change of every record of the day."""
        if action == "day":
            self._day = int(query)
        elif action == "latency":
            self._latency = float(query.removeprefix("ms=")) / 1000
        elif action == "volatile":
            self._volatile = query == "1"
        elif action == "empty":
            self._empty = query == "1"
        elif action == "reset":
            self._requests = self._bytes = 0
        elif action == "truth":
            kind, _, token = query.partition("&")
            lines = (f"{each.id} {each.updated}\n" for each in self._accounts(token, kind).truth(self._day))
            return Reply("".join(lines).encode())
        elif action != "stats":
            return _refused(404, f"There is no control {action}.")
        return Reply(msgspec.json.encode({"requests": self._requests, "bytes": self._bytes, "day": self._day}))

    def _list(self, token: str, kind: str, given: dict[str, str]) -> Reply:
        account = self._accounts(token, kind)
        if self._volatile:
            account = replace(account, volatile=True)
        if self._empty:
            return _page([], None)
        if "ids[in]" in given:
            return self._chosen(account, given["ids[in]"].split(","))
        unknown = set(given) - {"limit", "page_token", *CURSORS}
        if unknown:
            return _refused(422, f"Unknown filters: {', '.join(sorted(unknown))}")
        since = next((given[cursor] for cursor in CURSORS if cursor in given), None)
        return self._kept_page(account, int(given.get("page_token", "0")), since)

    def _kept_page(self, account: Account, start: int, since: str | None) -> Reply:
        """A page that was written once is kept, so that who is measured waits for the wire alone."""
        place = (account, self._day, start, since)
        found = self._pages.get(place)
        if found is None:
            found = _page(*account.page(self._day, start, since))
            if self._kept < _MOST_KEPT:
                self._pages[place] = found
                self._kept += len(found.body)
        return found

    def _chosen(self, account: Account, ids: list[str]) -> Reply:
        if len(ids) > _MOST_IDS:
            return _refused(422, f"At most {_MOST_IDS} values.")
        return _page([text for id_ in ids if (text := account.by_id(self._day, id_)) is not None], None)


def _page(records: list[bytes], following: int | None) -> Reply:
    token = b"null" if following is None else b'"%d"' % following
    return Reply(b'{"data":[%b],"next_token":%b,"total_count":%d}' % (b",".join(records), token, len(records)))


def _refused(status: int, why: str) -> Reply:
    return Reply(msgspec.json.encode({"error": why, "origin": "trackstar"}), status)


def accounts_of(records: int, seed: int, *, volatile: bool) -> Callable[[str, str], Account]:
    """The accounts by token; what they hold depends on nothing but their size, their number and the seed."""
    today = datetime.now(UTC).replace(microsecond=0)

    def account(token: str, kind: str) -> Account:
        sized = _SIZED.search(token)
        size, number = (int(sized[1]), int(sized[2] or 0)) if sized else (records, 0)
        return Account(kind, size, seed + number, today, volatile)

    return account


def main() -> None:
    parser = argparse.ArgumentParser(description="Trackstar's lists of inventory, products and orders for measuring.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--volatile", action="store_true", help="untouched records get another stamp on day 2")
    given = parser.parse_args()
    serve(Upstream(accounts_of(given.records, given.seed, volatile=given.volatile)).handle, given.port)


if __name__ == "__main__":
    main()
