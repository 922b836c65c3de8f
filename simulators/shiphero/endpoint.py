"""`POST /graphql`: reads the document, checks it, asks for its credits, answers each of its operations."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from simulators.serving.account import Account
from simulators.serving.exchange import Answer, PageFault, Request, told
from simulators.serving.limits import Bucket
from simulators.serving.simulation import Call
from simulators.shiphero import lists
from simulators.shiphero.graphql.checking import Problem, checked
from simulators.shiphero.graphql.documents import Field, operation_of
from simulators.shiphero.graphql.executing import answered, cursor_of, price
from simulators.shiphero.graphql.tokens import SyntaxProblem
from simulators.shiphero.problems import OperationFailed, malformed, scope_missing, spent
from simulators.shiphero.purchasing import MUTATIONS
from simulators.shiphero.schema import schema

WRITING = "change:purchase_orders"
_ROOTS = {"query": "Query", "mutation": "Mutation"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A document that can be executed: the kind of its operation, and its fields with their values in place."""

    kind: str
    fields: tuple[Field, ...]


def read(request: Request) -> Asked | Answer:
    """The document of a request, or the answer to one that cannot be executed."""
    try:
        body = json.loads(request.body)
        text, variables = body["query"], body.get("variables") or {}
        operation = operation_of(text)
    except SyntaxProblem as problem:
        return malformed([Problem(problem.message, (problem.line, problem.column))])
    except (ValueError, KeyError, TypeError, AttributeError):
        return malformed([Problem("Must provide query string.")])
    fields, problems = checked(schema(), operation, variables)
    return malformed(problems) if problems else Asked(operation.kind, fields)


def serve(call: Call[Account], credits_: Bucket | None) -> Answer:
    """The answer to a request whose account is known."""
    asked = read(call.request)
    if isinstance(asked, Answer):
        return asked
    data: dict[str, Any] = {}
    errors: list[Mapping[str, Any]] = []
    for each in asked.fields:
        request_id = f"{call.now.timestamp():.6f}-{each.key}"
        try:
            data[each.key] = _operation(call, asked.kind, each, request_id, credits_)
        except OperationFailed as failure:
            data[each.key] = None
            errors.append(failure.told(each.name, request_id))
    body = {"errors": errors, "data": data} if errors else {"data": data}
    return told(body, page=_page(asked, body))


def _operation(
    call: Call[Account], kind: str, asked: Field, request_id: str, credits_: Bucket | None
) -> Mapping[str, Any]:
    """One operation's result, its unused credits given back.

    Raises:
        OperationFailed: a scope is missing, the credits are, or what is asked for is not there.
    """
    root = schema().root(kind)[asked.name].type.name
    required = 1 + price(schema(), root, asked.fields)
    if asked.arguments.get("analyze"):
        return _shaped(asked, {"request_id": request_id, "complexity": required, "data": None}, root)
    _require_scope(call.account, asked.name)
    _take(credits_, call.account.name, required, call.now)
    result = {"request_id": request_id, "complexity": required, **_source(call, asked, credits_)}
    try:
        found = answered(schema(), root, asked.fields, result)
    except ValueError as problem:
        raise OperationFailed(f"Invalid cursor {problem}", 3) from problem
    if credits_ is not None:
        credits_.take(call.account.name, call.now, -(required - 1 - found.cost))
    value: Mapping[str, Any] = found.value
    return value


def _shaped(asked: Field, result: Mapping[str, Any], root: str) -> Mapping[str, Any]:
    value: Mapping[str, Any] = answered(schema(), root, asked.fields, result).value
    return value


def _require_scope(account: Account, name: str) -> None:
    if name in MUTATIONS:
        scope = WRITING
    elif name in lists.SINGLES:
        scope = lists.QUERIES[lists.SINGLES[name][0]].scope
    else:
        scope = lists.QUERIES[name].scope if name in lists.QUERIES else "view:account"
    if scope in account.forbidden:
        raise scope_missing(scope)


def _take(credits_: Bucket | None, key: str, required: int, now: datetime) -> None:
    if credits_ is None:
        return
    allowance = credits_.take(key, now, required)
    if not allowance.granted:
        raise spent(required, allowance.remaining, allowance.wait_seconds)


def _source(call: Call[Account], asked: Field, credits_: Bucket | None) -> Mapping[str, Any]:
    """What an operation's result is made of."""
    account, name = call.account, asked.name
    if name in MUTATIONS:
        return {"purchase_order": MUTATIONS[name](account, asked.arguments["data"], call.now)}
    if name in lists.QUERIES:
        return {"data": lists.listed(account, name, asked.arguments)}
    if name in lists.SINGLES:
        return {"data": lists.single(account, name, asked.arguments)}
    if name == "user_quota":
        return _quota(account, call.now, credits_)
    return {"data": lists.uuid(asked.arguments) if name == "uuid" else lists.own(account)}


def _quota(account: Account, now: datetime, credits_: Bucket | None) -> Mapping[str, Any]:
    if credits_ is None:
        return {"credits_remaining": None, "max_available": None, "increment_rate": None}
    left = credits_.take(account.name, now, 0)
    rates = {"max_available": int(credits_.capacity), "increment_rate": int(credits_.per_second)}
    return {"credits_remaining": int(left.remaining), **rates}


@dataclass(frozen=True, slots=True)
class ListPage:
    """A list's page, so that a fault can make it lie: the answer, and where its connection is."""

    body: Mapping[str, Any]
    steps: tuple[str, ...]
    asked_after: str | None

    def faulty(self, fault: PageFault) -> Answer:
        whole: dict[str, Any] = json.loads(json.dumps(self.body))
        *above, name = self.steps
        owner = whole
        for step in above:
            owner = owner[step]
        connection = owner[name]
        if isinstance(connection, list):  # it comes whole, so that it can only be missing
            owner[name] = None
            return told(whole)
        info = connection["pageInfo"]
        back = self.asked_after or cursor_of(-1)
        if fault in {"empty_page", "empty_with_token"}:
            connection["edges"] = []
        info["hasNextPage"] = fault != "empty_page"
        info["endCursor"] = {"empty_page": None, "endless_page": info["endCursor"] or back}.get(fault, back)
        return told(whole)


def _page(asked: Asked, body: Mapping[str, Any]) -> ListPage | None:
    """The page of a document's first list: a connection with `pageInfo`, or a plain list of an account."""
    for each in asked.fields:
        result = body["data"][each.key] or {}
        for steps, inside in _inside(each):
            value = result
            for step in steps:
                value = (value or {}).get(step)
            if isinstance(value, list) or (isinstance(value, dict) and "pageInfo" in value):
                return ListPage(body, ("data", each.key, *steps), inside.arguments.get("after"))
    return None


def _inside(asked: Field) -> Iterator[tuple[tuple[str, ...], Field]]:
    """A result's data, and what lies directly in it."""
    for inside in asked.fields:
        yield (inside.key,), inside
        for part in inside.fields:
            yield (inside.key, part.key), part


def label(request: Request) -> str:
    """`/graphql/<operation>`, by the first operation of the document."""
    asked = read(replace(request))
    return request.path if isinstance(asked, Answer) else f"{request.path}/{asked.fields[0].name}"
