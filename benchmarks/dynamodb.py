"""DynamoDB's JSON protocol over tables in memory: real conditions, counted requests, a limit and a latency on demand.

A BatchWriteItem is acknowledged at once and carried out when somebody next reads, so that it costs the server little
more than the wire does; with a limit set, each write is decided on when it comes.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

import msgspec

from benchmarks.expressions import Bindings, InvalidExpression, Item, holds, updated
from benchmarks.item_size import item_bytes, write_units
from benchmarks.serving import Asked, Reply
from benchmarks.tables import Place, Table, decode, described, encode

TARGET = "DynamoDB_20120810."
_HEADERS = (("Content-Type", "application/x-amz-json-1.0"),)
_DONE = Reply(b'{"UnprocessedItems":{}}', headers=_HEADERS)
_LARGEST_PAGE = 1_048_576
_LARGEST_ITEM = 409_600

Request = Mapping[str, Any]


class Refusal(Exception):
    """An answer with status 400; `item` is what was found in place."""

    def __init__(self, code: str, message: str, item: Item | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.item = item


class _Put(msgspec.Struct):
    Item: msgspec.Raw


class _Delete(msgspec.Struct):
    Key: Item


class _Write(msgspec.Struct, omit_defaults=True):
    PutRequest: _Put | None = None
    DeleteRequest: _Delete | None = None


class _Batch(msgspec.Struct):
    RequestItems: dict[str, list[_Write]]


_BATCH = msgspec.json.Decoder(_Batch)


class Limit:
    """Write units a second over a table and over one hash key, with one second's worth of burst.

    A model of AWS's published limits of a new on-demand table (4,000 and 1,000), without adaptive splits.
    """

    def __init__(self, total: float, partition: float) -> None:
        self._rates = (total, partition)
        self._left: dict[tuple[str, str], tuple[float, float]] = {}
        self.refused = 0

    def takes(self, table: str, partition: str, units: int) -> bool:
        now = time.monotonic()
        buckets = []
        for name, rate in (((table, ""), self._rates[0]), ((table, partition), self._rates[1])):
            left, at = self._left.get(name, (rate, now))
            left = min(rate, left + (now - at) * rate)
            self._left[name] = left, now
            if left < min(units, rate):
                self.refused += 1
                return False
            buckets.append((name, left))
        for name, left in buckets:
            self._left[name] = left - units, now
        return True


class DynamoDB:
    def __init__(self) -> None:
        self.tables: dict[str, Table] = {}
        self.requests: Counter[str] = Counter()
        self.bytes_in = 0
        self.latency = 0.0
        self.limit: Limit | None = None
        self._waiting: list[bytes] = []
        self._operations: dict[str, Callable[[Request], Any]] = {
            "CreateTable": self._create,
            "DescribeTable": self._describe,
            "PutItem": self._put_item,
            "UpdateItem": self._update_item,
            "DeleteItem": self._delete_item,
            "GetItem": self._get_item,
            "BatchGetItem": self._batch_get,
            "Query": self._query,
        }

    def handle(self, operation: str, asked: Asked) -> Reply:
        self.requests[operation] += 1
        self.bytes_in += len(asked.body)
        if operation == "BatchWriteItem":
            reply = self._batch_write(asked.body)
        else:
            self.settle()
            reply = self._answered(operation, asked.body)
        return Reply(reply.body, reply.status, reply.headers, self.latency) if self.latency else reply

    def settle(self) -> None:
        """Carries out every write that was acknowledged."""
        waiting, self._waiting = self._waiting, []
        for body in waiting:
            for name, writes in _BATCH.decode(body).RequestItems.items():
                for write in writes:
                    self._write(self.tables[name], write)

    def forget_counts(self) -> None:
        self.settle()
        self.requests.clear()
        self.bytes_in = 0
        for table in self.tables.values():
            table.usage = type(table.usage)()

    def told(self) -> dict[str, Any]:
        self.settle()
        tables = {name: {**asdict(table.usage), "items": len(table.items)} for name, table in self.tables.items()}
        refused = self.limit.refused if self.limit is not None else 0
        return {"requests": dict(self.requests), "bytes_in": self.bytes_in, "tables": tables, "throttled": refused}

    def _answered(self, operation: str, body: bytes) -> Reply:
        carry_out = self._operations.get(operation)
        try:
            if carry_out is None:
                raise Refusal("UnknownOperationException", operation)
            return Reply(encode(carry_out(decode(body))), headers=_HEADERS)
        except Refusal as refusal:
            return _refused(refusal)
        except InvalidExpression as invalid:
            return _refused(Refusal("ValidationException", f"Invalid expression: {invalid}"))

    def _batch_write(self, body: bytes) -> Reply:
        if self.limit is None:
            self._waiting.append(body)
            return _DONE
        self.settle()
        left: dict[str, list[_Write]] = {}
        taken = 0
        for name, writes in _BATCH.decode(body).RequestItems.items():
            table = self.tables[name]
            for write in writes:
                if self._within_limit(table, *_keyed(table, write)):
                    self._write(table, write)
                    taken += 1
                else:
                    left.setdefault(name, []).append(write)
        if left and not taken:
            return _refused(_busy())
        return Reply(encode({"UnprocessedItems": left}), headers=_HEADERS)

    def _within_limit(self, table: Table, place: Place, new: Item | None) -> bool:
        if self.limit is None:
            return True
        old = table.items.get(place)
        size = max(item_bytes(new) if new is not None else 0, old.size if old is not None else 0)
        return self.limit.takes(table.name, place[0], write_units(size))

    def _write(self, table: Table, write: _Write) -> None:
        place, new = _keyed(table, write)
        if new is None:
            table.usage.deletes += 1
            table.write(place, None)
        else:
            assert write.PutRequest is not None  # noqa: S101  for the types
            table.usage.puts += 1
            table.write(place, new, bytes(write.PutRequest.Item))

    def _create(self, request: Request) -> Any:
        name = request["TableName"]
        if name in self.tables:
            raise Refusal("ResourceInUseException", f"Table already exists: {name}")
        self.tables[name] = described(request)
        return {"TableDescription": self._description(self.tables[name])}

    def _describe(self, request: Request) -> Any:
        return {"Table": self._description(self._table(request))}

    def _description(self, table: Table) -> dict[str, Any]:
        return {"TableName": table.name, "TableStatus": "ACTIVE", "CreationDateTime": table.created_at}

    def _put_item(self, request: Request) -> Any:
        table, item = self._table(request), request["Item"]
        old = self._guarded(table, request, table.keys.place(item), item)
        table.usage.puts += 1
        table.write(table.keys.place(item), item)
        return {"Attributes": old} if old and request.get("ReturnValues") == "ALL_OLD" else {}

    def _delete_item(self, request: Request) -> Any:
        table = self._table(request)
        place = table.keys.place(request["Key"])
        old = self._guarded(table, request, place, None)
        table.usage.deletes += 1
        table.write(place, None)
        return {"Attributes": old} if old and request.get("ReturnValues") == "ALL_OLD" else {}

    def _update_item(self, request: Request) -> Any:
        table = self._table(request)
        place = table.keys.place(request["Key"])
        old = self._guarded(table, request, place, None)
        new = updated(request.get("UpdateExpression", ""), _bindings(request), old or dict(request["Key"]))
        table.usage.updates += 1
        table.write(place, new)
        wanted = {"ALL_NEW": new, "ALL_OLD": old}.get(request.get("ReturnValues", "NONE"))
        return {"Attributes": wanted} if wanted else {}

    def _guarded(self, table: Table, request: Request, place: Place, new: Item | None) -> Item | None:
        """The item in place, where the request's condition holds and the limit leaves room; a refusal costs too."""
        old = table.get(place)
        if new is not None and item_bytes(new) > _LARGEST_ITEM:
            raise Refusal("ValidationException", "Item size has exceeded the maximum allowed size")
        if not self._within_limit(table, place, new):
            raise _busy()
        condition = request.get("ConditionExpression")
        if condition and not holds(condition, _bindings(request), old or {}):
            table.usage.refused += 1
            table.usage.write_units += write_units(item_bytes(old) if old else 0)
            shown = old if request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD" else None
            raise Refusal("ConditionalCheckFailedException", "The conditional request failed", shown)
        return old

    def _get_item(self, request: Request) -> Any:
        table = self._table(request)
        stored = table.items.get(table.keys.place(request["Key"]))
        table.charge_read(stored.size if stored else 0, consistent=request.get("ConsistentRead", False))
        return {"Item": stored.item()} if stored else {}

    def _batch_get(self, request: Request) -> Any:
        found: dict[str, list[Item]] = {}
        for name, wanted in request["RequestItems"].items():
            table = self._table({"TableName": name})
            found[name] = []
            for key in wanted["Keys"]:
                stored = table.items.get(table.keys.place(key))
                table.charge_read(stored.size if stored else 0, consistent=wanted.get("ConsistentRead", False))
                if stored:
                    found[name].append(stored.item())
        return {"Responses": found, "UnprocessedKeys": {}}

    def _query(self, request: Request) -> Any:
        table, bound = self._table(request), _bindings(request)
        index = request.get("IndexName")
        keys = table.indexes[index].keys if index else table.keys
        partition, start = _hash_of(request, keys.hash, bound), request.get("ExclusiveStartKey")
        entries = table.places(index, partition)
        if not request.get("ScanIndexForward", True):
            entries = entries[::-1]
        if start:
            begun = (keys.place(start)[1], table.keys.place(start))
            entries = entries[entries.index(begun) + 1 :]
        found, size, last = [], 0, None
        for _, place in entries:
            stored = table.items[place]
            item = stored.item()
            seen = table.indexes[index].image(item) if index else item
            if seen is None or not holds(request["KeyConditionExpression"], bound, item):
                continue
            size += item_bytes(seen) if index else stored.size
            last = item
            found.append(seen)
            if len(found) == request.get("Limit") or size >= _LARGEST_PAGE:
                break
        else:
            last = None
        table.charge_read(size, consistent=request.get("ConsistentRead", False))
        chosen = [item for item in found if not (f := request.get("FilterExpression")) or holds(f, bound, item)]
        names = (*table.keys.names, *keys.names)
        after = {"LastEvaluatedKey": {name: last[name] for name in names}} if last else {}
        return {"Items": [_projected(item, request, bound) for item in chosen], "Count": len(chosen), **after}

    def _table(self, request: Request) -> Table:
        table = self.tables.get(request["TableName"])
        if table is None:
            raise Refusal("ResourceNotFoundException", f"Requested resource not found: {request['TableName']}")
        return table


def _keyed(table: Table, write: _Write) -> tuple[Place, Item | None]:
    if write.PutRequest is not None:
        item: Item = decode(write.PutRequest.Item)
        return table.keys.place(item), item
    assert write.DeleteRequest is not None  # noqa: S101  for the types
    return table.keys.place(write.DeleteRequest.Key), None


def _bindings(request: Request) -> Bindings:
    return Bindings(request.get("ExpressionAttributeNames", {}), request.get("ExpressionAttributeValues", {}))


def _hash_of(request: Request, name: str, bound: Bindings) -> str:
    """The value that the key condition demands of the hash key."""
    for part in request["KeyConditionExpression"].split(" AND "):
        attribute, sign, value = part.split()[:3] if len(part.split()) > 2 else ("", "", "")
        if sign == "=" and bound.names.get(attribute, attribute) == name:
            return str(bound.values[value]["S"])
    raise Refusal("ValidationException", "Query condition missed key schema element")


def _projected(item: Item, request: Request, bound: Bindings) -> Item:
    expression = request.get("ProjectionExpression")
    if not expression:
        return item
    paths = [[bound.names.get(name, name) for name in path.strip().split(".")] for path in expression.split(",")]
    kept: Item = {}
    for path in paths:
        _keep(kept, item, path)
    return kept


def _keep(kept: Item, item: Item, path: list[str]) -> None:
    name, *rest = path
    if name in item and not rest:
        kept[name] = item[name]
    elif name in item and "M" in item[name]:
        inner: Item = kept.setdefault(name, {"M": {}})["M"]
        _keep(inner, item[name]["M"], rest)


def _busy() -> Refusal:
    return Refusal("ProvisionedThroughputExceededException", "The level of configured throughput was exceeded.")


def _refused(refusal: Refusal) -> Reply:
    body: dict[str, Any] = {"__type": f"com.amazonaws.dynamodb.v20120810#{refusal.code}", "message": refusal.message}
    if refusal.item:
        body["Item"] = refusal.item
    return Reply(encode(body), 400, _HEADERS)
