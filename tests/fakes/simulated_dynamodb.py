"""DynamoDB in memory, as its JSON protocol: for thousands of simulated nights, and no faults of its own.

It knows what a table of text keys needs and says NotImplementedError to the rest. Reads are always consistent; an
index lags as far as `lag` says. What it answers is held to the same assertions as moto and the emulator, in
tests/contract/aws. Source of its rules: Amazon DynamoDB Developer Guide and API Reference.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from threading import Lock
from typing import Any

import msgspec

from tests.fakes.simulated_plans import plan_of, projected
from tests.fakes.simulated_queries import LARGEST_PAGE, query
from tests.fakes.simulated_reader import Malformed
from tests.fakes.simulated_rules import (
    Call,
    Request,
    Unmet,
    bound_of,
    cancelled,
    check_item,
    encode,
    entry_bound,
    entry_key,
    key_of,
    prepared,
    refusal,
    refuse_doubles,
    require,
    returned,
    unmet,
    updated,
)
from tests.fakes.simulated_tables import Place, Table, TableLayout, Write
from tests.fakes.simulated_updates import NotApplicable
from tests.fakes.simulated_values import BadNumber, Item, has_unusual_numbers, settle_numbers, size

WRITE_BATCH = 25
READ_BATCH = 100
TRANSACTION = 100

Before = Callable[[str, Request], Collection[int]]
"""Hears of each request before it acts. Gives the places of entries of a batch to leave unprocessed, counted through
the tables in the request's order. May raise Refused or NoAnswer: then nothing is done."""

After = Callable[[str, Request, dict[str, Any]], None]
"""Hears of each request that has acted. May raise NoAnswer: then the answer is lost."""

Lag = Callable[[str, str], int]
"""How many steps an index is behind when it is asked, by table and index: each write of an item is up to two."""

_decode = msgspec.json.Decoder().decode


def _nothing_left(_operation: str, _request: Request) -> Collection[int]:
    return ()


class SimulatedDynamoDB:
    """An Endpoint that threads may share. Tables are as they were described.

    `accepted` hears of each item that was written, in the order in which they took effect.
    `most_per_page` bounds the items that a query looks at for one page, so that small tables have pages too.
    """

    def __init__(
        self,
        tables: Iterable[TableLayout],
        *,
        created_at: float = 0.0,
        before: Before = _nothing_left,
        after: After | None = None,
        accepted: Callable[[Write], None] | None = None,
        lag: Lag | None = None,
        most_per_page: int = LARGEST_PAGE,
    ) -> None:
        self._before = before
        self._after = after
        self._accepted = accepted
        self._lag = lag
        self._most_per_page = most_per_page
        self._one_at_a_time = Lock()
        self._tables: dict[str, Table] = {}
        for layout in tables:
            self.create(layout, created_at=created_at)
        self._operations: Mapping[str, Callable[[Call], dict[str, Any]]] = {
            "DescribeTable": self._describe_table,
            "GetItem": self._get_item,
            "PutItem": self._put_item,
            "UpdateItem": self._update_item,
            "DeleteItem": self._delete_item,
            "Query": self._query,
            "BatchGetItem": self._batch_get_item,
            "BatchWriteItem": self._batch_write_item,
            "TransactWriteItems": self._transact_write_items,
        }

    def call(self, operation: str, body: bytes) -> bytes:
        request: Request = _decode(body)
        left = self._before(operation, request)
        act = self._operations.get(operation)
        if act is None:
            raise NotImplementedError(f"the simulated DynamoDB knows no {operation}")
        try:
            if has_unusual_numbers(body):
                settle_numbers(request)
            with self._one_at_a_time:
                answer = act(Call(request, len(body), left))
        except (Malformed, NotApplicable, BadNumber) as error:
            raise refusal("ValidationException", str(error)) from None
        except Unmet as error:
            raise unmet(request, error) from None
        if self._after is not None:
            self._after(operation, request, answer)
        return encode(answer)

    def create(self, layout: TableLayout, *, created_at: float) -> None:
        """`created_at` in seconds since 1970."""
        self._tables[layout.name] = Table(layout, created_at, self._accepted)

    def items(self, table: str) -> Iterator[tuple[Place, Item]]:
        """What the table holds now, by key, whatever an index shows."""
        return self._tables[table].items()

    def restore(self, table: str, items: Iterable[tuple[Place, Item]], *, created_at: float) -> None:
        """Puts another table in this one's place, as a restore from a backup does. Nobody observes its items."""
        restored = Table(self._tables[table].layout, created_at, None)
        for key, item in items:
            restored.put(key, item, size(item))
        restored.accepted = self._accepted
        self._tables[table] = restored

    def _describe_table(self, call: Call) -> dict[str, Any]:
        table = self._table(call.request)
        described = {"TableName": table.layout.name, "TableStatus": "ACTIVE", "CreationDateTime": table.created_at}
        return {"Table": described}

    def _get_item(self, call: Call) -> dict[str, Any]:
        table = self._table(call.request)
        paths = plan_of(call.request).projection
        item = table.get(key_of(table.layout, call.request["Key"], exact=True))
        if item is None:
            return {}
        return {"Item": item if paths is None else projected(item, paths)}

    def _put_item(self, call: Call) -> dict[str, Any]:
        request = call.request
        table, item = self._table(request), request["Item"]
        key = key_of(table.layout, item, exact=False)
        check_item(table.layout, item)
        old = table.get(key)
        require(plan_of(request), request, old)
        table.put(key, item, bound_of(item, call.length))
        return returned(request, old, None)

    def _update_item(self, call: Call) -> dict[str, Any]:
        request = call.request
        table = self._table(request)
        key = key_of(table.layout, request["Key"], exact=True)
        old = table.get(key)
        new, bound = updated(table, key, old, call)
        table.put(key, new, bound)
        return returned(request, old, new)

    def _delete_item(self, call: Call) -> dict[str, Any]:
        request = call.request
        table = self._table(request)
        key = key_of(table.layout, request["Key"], exact=True)
        old = table.get(key)
        require(plan_of(request), request, old)
        table.delete(key)
        return returned(request, old, None)

    def _query(self, call: Call) -> dict[str, Any]:
        request = call.request
        table = self._table(request)
        name = request.get("IndexName")
        if name is None:
            return query(table, None, request, self._most_per_page)
        if name not in table.indexes:
            raise Malformed(f"The table does not have the specified index: {name}")
        if request.get("ConsistentRead"):
            raise Malformed("Consistent reads are not supported on global secondary indexes")
        index = table.indexes[name]
        index.catch_up(0 if self._lag is None else self._lag(table.layout.name, name))
        return query(table, index, request, self._most_per_page)

    def _batch_get_item(self, call: Call) -> dict[str, Any]:
        asked = [
            (table, wanted, key)
            for table, wanted in self._batch(call.request, "KeysAndAttributes")
            for key in wanted["Keys"]
        ]
        if len(asked) > READ_BATCH:
            raise Malformed("Too many items requested for the BatchGetItem call")
        keys = [(table.layout.name, key_of(table.layout, key, exact=True)) for table, _, key in asked]
        refuse_doubles(keys)
        found: dict[str, list[Item]] = {name: [] for name in call.request["RequestItems"]}
        unprocessed: dict[str, dict[str, Any]] = {}
        for place, (table, wanted, key) in enumerate(asked):
            name = table.layout.name
            if place in call.left:
                unprocessed.setdefault(name, {**wanted, "Keys": []})["Keys"].append(key)
                continue
            item = table.get(keys[place][1])
            if item is not None:
                paths = plan_of(wanted).projection
                found[name].append(item if paths is None else projected(item, paths))
        return {"Responses": found, "UnprocessedKeys": unprocessed}

    def _batch_write_item(self, call: Call) -> dict[str, Any]:
        asked = [(table, entry) for table, entries in self._batch(call.request, "WriteRequests") for entry in entries]
        if len(asked) > WRITE_BATCH:
            raise Malformed("Too many items requested for the BatchWriteItem call")
        keys = [(table.layout.name, entry_key(table.layout, entry)) for table, entry in asked]
        refuse_doubles(keys)
        bounds = [entry_bound(entry, call.length) for _, entry in asked]
        unprocessed: dict[str, list[Any]] = {}
        for place, (table, entry) in enumerate(asked):
            key = keys[place][1]
            if place in call.left:
                unprocessed.setdefault(table.layout.name, []).append(entry)
            elif "PutRequest" in entry:
                table.put(key, entry["PutRequest"]["Item"], bounds[place])
            else:
                table.delete(key)
        return {"UnprocessedItems": unprocessed}

    def _transact_write_items(self, call: Call) -> dict[str, Any]:
        actions = [next(iter(action.items())) for action in call.request["TransactItems"]]
        if not 0 < len(actions) <= TRANSACTION:
            raise Malformed("Member must have length less than or equal to 100")
        tables = [self._table(action) for _, action in actions]
        keys = [
            key_of(table.layout, action.get("Key") or action["Item"], exact="Key" in action)
            for table, (_, action) in zip(tables, actions, strict=True)
        ]
        if len(set(zip(map(id, tables), keys, strict=True))) < len(keys):
            raise Malformed("Transaction request cannot include multiple operations on one item")
        steps = list(zip(actions, tables, keys, strict=True))
        outcomes = [prepared(kind, action, table, key, call.length) for (kind, action), table, key in steps]
        if any(isinstance(outcome, Unmet) for outcome in outcomes):
            raise cancelled([(action, outcome) for ((_, action), _, _), outcome in zip(steps, outcomes, strict=True)])
        for (_, table, key), outcome in zip(steps, outcomes, strict=True):
            if isinstance(outcome, tuple):
                table.put(key, *outcome)
            elif outcome == "delete":
                table.delete(key)
        return {}

    def _table(self, request: Mapping[str, Any]) -> Table:
        return self._named(request["TableName"])

    def _named(self, name: str) -> Table:
        table = self._tables.get(name)
        if table is None:
            raise refusal("ResourceNotFoundException", "Requested resource not found")
        return table

    def _batch(self, request: Request, kind: str) -> list[tuple[Table, Any]]:
        if not all(request["RequestItems"].values()):
            raise Malformed(f"The batch write request list for a table cannot be empty: {kind}")
        return [(self._named(name), entries) for name, entries in request["RequestItems"].items()]
