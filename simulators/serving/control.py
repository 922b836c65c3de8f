"""The `/_sim/` routes: time, truth, faults and tampering, for tests. None of this exists at the vendors."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote

from simulators.business.spec import Record
from simulators.business.world import iso
from simulators.serving.exchange import Answer, Request, refusal, rendered, told
from simulators.serving.faults import fault_rule
from simulators.serving.simulation import Simulation, T, Tenant

PREFIX = "/_sim/"
NDJSON = "application/x-ndjson"


def control(simulation: Simulation[T], request: Request) -> Answer:
    """Answers a control request: 200 with JSON, 400 for a bad body, 404 for an unknown route or name."""
    parts = tuple(unquote(part) for part in request.path.removeprefix(PREFIX).split("/"))
    try:
        body = json.loads(request.body or b"{}")
        match request.method, *parts:
            case "GET", "truth", connection, collection:
                account = _account(simulation, connection)
                lines = account.truth(_known(account, collection))
                return Answer(200, b"".join(line + b"\n" for line in lines), content_type=NDJSON)
            case "POST", "connections", connection, verb:
                return told(_verb(verb)(simulation, _account(simulation, connection), body))
        serve = ROUTES.get((request.method, "/".join(parts)))
        if serve is None:
            raise refusal(404, {"error": f"No control route {request.method} {request.path}"})
        return Answer(200, rendered(serve(simulation, body)))
    except (ValueError, TypeError, KeyError, AttributeError) as problem:
        raise refusal(400, {"error": f"{type(problem).__name__}: {problem}"}) from problem


def _verb(name: str) -> Callable[[Simulation[Any], Tenant, Record], Mapping[str, Any]]:
    if name not in VERBS:
        raise refusal(404, {"error": f"Nothing is done to connections by {name}; there are: {', '.join(VERBS)}"})
    return VERBS[name]


def _account(simulation: Simulation[T], connection: str) -> T:
    account = simulation.account(connection)
    if account is None:
        raise refusal(404, {"error": f"No connection {connection}"})
    return account


def _known(account: Tenant, collection: str) -> str:
    if collection not in account.collections:
        raise refusal(404, {"error": f"No collection {collection}; there are: {', '.join(account.collections)}"})
    return collection


def _revoke(_simulation: Simulation[Any], account: Tenant, _body: Record) -> Mapping[str, Any]:
    account.revoked = True
    return {"connection_id": account.name, "revoked": True}


def _restore(_simulation: Simulation[Any], account: Tenant, _body: Record) -> Mapping[str, Any]:
    account.revoked = False
    return {"connection_id": account.name, "revoked": False}


def _forbid(_simulation: Simulation[Any], account: Tenant, body: Record) -> Mapping[str, Any]:
    account.forbidden.add(str(body["scope"]))
    return {"connection_id": account.name, "forbidden": sorted(account.forbidden)}


def _permit(_simulation: Simulation[Any], account: Tenant, body: Record) -> Mapping[str, Any]:
    account.forbidden.discard(str(body["scope"]))
    return {"connection_id": account.name, "forbidden": sorted(account.forbidden)}


def _expire_access(simulation: Simulation[Any], account: Tenant, _body: Record) -> Mapping[str, Any]:
    return {"connection_id": account.name, "expired": simulation.grants.expire(account.name, "access")}


def _expire_refresh(simulation: Simulation[Any], account: Tenant, _body: Record) -> Mapping[str, Any]:
    return {"connection_id": account.name, "expired": simulation.grants.expire(account.name, "refresh")}


VERBS: Mapping[str, Callable[[Simulation[Any], Tenant, Record], Mapping[str, Any]]] = MappingProxyType(
    {
        "revoke": _revoke,
        "restore": _restore,
        "forbid": _forbid,
        "permit": _permit,
        "expire-access": _expire_access,
        "expire-refresh": _expire_refresh,
    }
)


def _advance(simulation: Simulation[Any], body: Record) -> Mapping[str, Any]:
    chosen = [_account(simulation, body["connection"])] if "connection" in body else simulation.accounts()
    stamp = simulation.now()
    for _ in range(int(body.get("days", 1))):
        for account in chosen:
            account.advance(stamp)
    return {"stamp": iso(stamp), "days": {account.name: account.day for account in chosen}}


def _state(simulation: Simulation[Any], _body: Record) -> Mapping[str, Any]:
    connections = [
        {
            "connection_id": account.name,
            **account.described(),
            "day": account.day,
            "revoked": account.revoked,
            "forbidden": sorted(account.forbidden),
            "counts": account.counts(),
        }
        for account in simulation.accounts()
    ]
    return {"base_date": iso(simulation.base), "connections": connections, "faults": simulation.faults.told()}


def _mutate(simulation: Simulation[Any], body: Record) -> Mapping[str, Any]:
    account = _account(simulation, body["connection"])
    changed: Mapping[str, Any] = account.mutate(_known(account, body["collection"]), body, simulation.now())
    return changed


def _open(simulation: Simulation[Any], body: Record) -> Mapping[str, Any]:
    account = simulation.open(body)
    return {"connection_id": account.name, **account.described()}


def _add_faults(simulation: Simulation[Any], body: Any) -> Mapping[str, Any]:
    rules = body if isinstance(body, list) else body["faults"]
    now = simulation.now()
    simulation.faults.add([fault_rule(each, now) for each in rules])
    return {"faults": simulation.faults.told()}


def _clear_faults(simulation: Simulation[Any], _body: Record) -> Mapping[str, Any]:
    simulation.faults.clear()
    return {"faults": []}


def _prepare(simulation: Simulation[Any], body: Record) -> Mapping[str, Any]:
    """Makes collections now, so that the first request for a large one does not wait."""
    account = _account(simulation, body["connection"])
    for collection in body.get("collections", account.collections):
        account.prepare(_known(account, collection))
    return {"counts": account.counts()}


def _requests(simulation: Simulation[Any], _body: Record) -> Mapping[str, Any]:
    return simulation.log.told()


def _clear_requests(simulation: Simulation[Any], _body: Record) -> Mapping[str, Any]:
    simulation.log.clear()
    return {"counts": {}, "last": []}


ROUTES: Mapping[tuple[str, str], Callable[[Simulation[Any], Any], Mapping[str, Any]]] = MappingProxyType(
    {
        ("POST", "day/advance"): _advance,
        ("GET", "state"): _state,
        ("POST", "mutate"): _mutate,
        ("POST", "connections"): _open,
        ("POST", "faults"): _add_faults,
        ("DELETE", "faults"): _clear_faults,
        ("POST", "prepare"): _prepare,
        ("GET", "requests"): _requests,
        ("DELETE", "requests"): _clear_requests,
    }
)
