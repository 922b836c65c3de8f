"""The `/_sim/` routes: time, truth, faults and tampering, for tests. None of this exists at the vendor."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from simulators.business import dataset, evolve
from simulators.business.spec import Record, size_of
from simulators.business.world import iso
from simulators.trackstar.account import Account
from simulators.trackstar.answers import Answer, Refusal
from simulators.trackstar.config import AccountSpec
from simulators.trackstar.faults import fault_rule
from simulators.trackstar.spelling import Evolving

if TYPE_CHECKING:
    from simulators.trackstar.routes import Request
    from simulators.trackstar.state import SimulatorState


def control(state: SimulatorState, request: Request) -> Answer:
    """Answers a control request: 200 with JSON, 400 for a bad body, 404 for an unknown route or name."""
    parts = tuple(unquote(part) for part in request.path.removeprefix("/_sim/").split("/"))
    try:
        match request.method, *parts:
            case "GET", "truth", connection, collection:
                return _truth(_account(state, connection), collection)
            case "POST", "connections", connection, ("revoke" | "restore") as verb:
                _account(state, connection).revoked = verb == "revoke"
                return _told({"connection_id": connection, "revoked": verb == "revoke"})
        serve = ROUTES.get((request.method, "/".join(parts)))
        if serve is None:
            raise Refusal(404, {"error": f"No control route {request.method} {request.path}"})
        return _told(serve(state, json.loads(request.body or b"{}")))
    except (ValueError, TypeError, KeyError, AttributeError) as problem:
        raise Refusal(400, {"error": f"{type(problem).__name__}: {problem}"}) from problem


def _told(answer: Mapping[str, Any]) -> Answer:
    return Answer(200, json.dumps(answer, ensure_ascii=False).encode())


def _account(state: SimulatorState, connection: str) -> Account:
    account = state.account(connection)
    if account is None:
        raise Refusal(404, {"error": f"No connection {connection}"})
    return account


def _known_collection(collection: str) -> str:
    if collection not in dataset.MAKERS:
        raise Refusal(404, {"error": f"No collection {collection}; there are: {', '.join(dataset.MAKERS)}"})
    return collection


def _truth(account: Account, collection: str) -> Answer:
    with account.shelf(_known_collection(collection)) as shelf:
        lines = shelf.lines()
    return Answer(200, b"".join(line + b"\n" for line in lines), content_type="application/x-ndjson")


def _advance(state: SimulatorState, body: Record) -> Mapping[str, Any]:
    chosen = [_account(state, body["connection"])] if "connection" in body else state.accounts()
    stamp = state.now()
    for _ in range(int(body.get("days", 1))):
        for account in chosen:
            account.advance(stamp)
    return {"stamp": iso(stamp), "days": {account.spec.connection_id: account.day for account in chosen}}


def _state(state: SimulatorState, _body: Record) -> Mapping[str, Any]:
    connections = [
        {
            "connection_id": account.spec.connection_id,
            "integration_name": account.spec.integration_name,
            "seed": account.spec.seed,
            "size": account.spec.size,
            "day": account.day,
            "revoked": account.revoked,
            "counts": account.counts(),
        }
        for account in state.accounts()
    ]
    return {"base_date": iso(state.base), "connections": connections, "faults": state.faults.told()}


def _mutate(state: SimulatorState, body: Record) -> Mapping[str, Any]:
    """One of `set`/`unset` or `delete: true` (with `id`), or `create`: a whole record, or true for the next one."""
    account = _account(state, body["connection"])
    now = state.now()
    with account.shelf(_known_collection(body["collection"])) as shelf:
        if body.get("create") is True:
            key = evolve.add(account.world, Evolving(shelf), account.rng_at(shelf.next_index), now)
        elif "create" in body:
            shelf.next_index += 1
            key = shelf.put(_stamped(dict(body["create"]), now))
        elif body.get("delete") is True:
            shelf.drop(body["id"])
            return {"key": body["id"], "record": None}
        else:
            key = shelf.put(_edited(shelf.get(body["id"]), body, now))
        return {"key": key, "record": shelf.get(key)}


def _stamped(record: Record, now: datetime) -> Record:
    for name in ("created_date", "updated_date", "trackstar_created_date", "trackstar_updated_date"):
        record.setdefault(name, iso(now))
    return record


def _edited(record: Record | None, body: Record, now: datetime) -> Record:
    if record is None:
        raise Refusal(404, {"error": f"No record {body['id']}"})
    if body.get("touch", True):
        record |= {"updated_date": iso(now), "trackstar_updated_date": iso(now)}
    record.update(body.get("set", {}))
    for name in body.get("unset", ()):
        record.pop(name, None)
    return record


def _register(state: SimulatorState, body: Record) -> Mapping[str, Any]:
    known = {each.name for each in fields(AccountSpec)}
    unknown = body.keys() - known
    if unknown:
        raise ValueError(f"unknown keys of a connection: {', '.join(sorted(unknown))}")
    told = dict(body)
    told["size"] = size_of(str(told.get("size", "small")))
    for name in ("unsupported", "forbidden"):
        told[name] = frozenset(told.get(name, ()))
    spec = AccountSpec(**told)
    state.register(spec)
    return {"connection_id": spec.connection_id, "size": spec.size}


def _add_faults(state: SimulatorState, body: Any) -> Mapping[str, Any]:
    told = body if isinstance(body, list) else body["faults"]
    now = state.now()
    state.faults.add([fault_rule(each, now) for each in told])
    return {"faults": state.faults.told()}


def _clear_faults(state: SimulatorState, _body: Record) -> Mapping[str, Any]:
    state.faults.clear()
    return {"faults": []}


def _prepare(state: SimulatorState, body: Record) -> Mapping[str, Any]:
    """Makes collections now, so that the first request for a large one does not wait."""
    account = _account(state, body["connection"])
    for collection in body.get("collections", dataset.MAKERS):
        with account.shelf(_known_collection(collection)):
            pass
    return {"counts": account.counts()}


def _requests(state: SimulatorState, _body: Record) -> Mapping[str, Any]:
    return state.log.told()


def _clear_requests(state: SimulatorState, _body: Record) -> Mapping[str, Any]:
    state.log.clear()
    return {"counts": {}, "last": []}


ROUTES: Mapping[tuple[str, str], Callable[[SimulatorState, Any], Mapping[str, Any]]] = MappingProxyType(
    {
        ("POST", "day/advance"): _advance,
        ("GET", "state"): _state,
        ("POST", "mutate"): _mutate,
        ("POST", "connections"): _register,
        ("POST", "faults"): _add_faults,
        ("DELETE", "faults"): _clear_faults,
        ("POST", "prepare"): _prepare,
        ("GET", "requests"): _requests,
        ("DELETE", "requests"): _clear_requests,
    }
)
