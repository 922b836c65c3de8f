"""The vendors' simulators: each folder under simulators/ that says in local.json how it is started and connected to."""

from __future__ import annotations

import json
import sys
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from local_cloud.agreement import Readings
from local_cloud.cloud import ROOT
from local_cloud.processes import Child, Children

READY = "READY "


@dataclass(frozen=True, slots=True)
class Account:
    """One customer's account at a simulated vendor, and what an integration needs to connect to it."""

    connection: str
    credentials: Mapping[str, str]
    settings: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Vendor:
    """A running simulator. `connector` is the name of its folder, which is the connector's too.

    `stock` names the path of its list of inventory levels and the simulator's collection behind it, where it tells.
    `registration` is what the deployment is registered as there, but for `{api}`, its own address.
    """

    connector: str
    url: str
    accounts: Sequence[Account]
    stock: Mapping[str, str]
    registration: Mapping[str, str]

    @property
    def readings(self) -> Readings:
        """What must be stored of its records, by a second reading that owes nothing to the connector."""
        return cast(Readings, import_module(f"simulators.{self.connector}.readings").READINGS)

    def advance_day(self) -> None:
        """Lets a day pass at the source: some records change, appear and vanish."""
        self._ask("/_sim/day/advance", {})

    def live(self, account: Account, collection: str) -> list[dict[str, Any]]:
        """What the source holds now, the simulator's own word."""
        lines = self._ask(f"/_sim/truth/{account.connection}/{collection}").splitlines()
        return [json.loads(line) for line in lines if line]

    def _ask(self, path: str, body: Mapping[str, Any] | None = None) -> bytes:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}{path}", data=data)  # noqa: S310  # our own, on the loopback
        with opener.open(request, timeout=60) as answer:
            content: bytes = answer.read()
        return content


def start_vendors(children: Children, *, size: int) -> list[Vendor]:
    """Starts every simulator on a free port, with as many accounts as its local.json names.

    `size` is the number of inventory items per account; a vendor whose API is slow by its own limits takes a `share` of
    it, so that a night lasts minutes.
    """
    return [
        _start(children, name, local, size=max(1, round(size * local.get("share", 1))), accounts=local["accounts"])
        for name, local in _described().items()
    ]


def start_stocked(children: Children, *, size: int, accounts: int) -> Vendor:
    """Starts the simulator whose list of stock can be disturbed, `accounts` accounts of `size` items each."""
    name, local = next((name, local) for name, local in _described().items() if "stock" in local)
    return _start(children, name, local, size=size, accounts=accounts)


def _described() -> dict[str, Any]:
    folders = sorted((ROOT / "simulators").glob("*/local.json"))
    return {folder.parent.name: json.loads(folder.read_text()) for folder in folders}


def _start(children: Children, name: str, local: Mapping[str, Any], *, size: int, accounts: int) -> Vendor:
    own = [*local["arguments"], "--port", "0", "--size", str(size), "--accounts", str(accounts)]
    env = {"PATH": "/usr/bin:/bin", "PYTHONUNBUFFERED": "1", "LANG": "C.UTF-8"}
    child = children.start(f"simulator-{name}", [sys.executable, "-m", f"simulators.{name}", *own], env=env, cwd=ROOT)
    url = children.wait_until(child, lambda: announced(child), seconds=30)
    own_accounts = [_account(local, url, number) for number in range(1, accounts + 1)]
    registration = {part: text.replace("{url}", url) for part, text in local.get("registration", {}).items()}
    return Vendor(name, url, own_accounts, local.get("stock", {}), registration)


def announced(child: Child) -> str | None:
    """The address that a simulator says it listens on, once it does."""
    lines = Path(child.log).read_text(errors="replace").splitlines()
    return next((line.removeprefix(READY) for line in lines if line.startswith(READY)), None)


def _account(local: Mapping[str, Any], url: str, number: int) -> Account:
    def filled(text: str) -> str:
        return text.replace("{url}", url).replace("{number}", str(number))

    return Account(
        connection=filled(local["connection"]),
        credentials={name: filled(text) for name, text in local["credentials"].items()},
        settings={name: filled(each) if isinstance(each, str) else each for name, each in local["settings"].items()},
    )
