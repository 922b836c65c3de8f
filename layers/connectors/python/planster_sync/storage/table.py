"""One DynamoDB table in plain values: single guarded writes, consistent reads, and queries page by page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import islice
from typing import Any

import msgspec

from planster_sync.storage.attributes import Item, pack, unpack
from planster_sync.storage.backoff import Attempts, Backoff, Headway
from planster_sync.storage.failures import BUSY, CONDITION
from planster_sync.storage.keys import Key
from planster_sync.storage.lanes import Lanes
from planster_sync.wire.endpoint import Endpoint, NoAnswer, Refused

WRITE_BATCH = 25
WRITE_BYTES = 15_000_000
"""DynamoDB takes 16 MB over the network in one batch write (AWS: API reference, BatchWriteItem)."""
READ_BATCH = 100

_ENCODE = msgspec.json.Encoder().encode
_DECODE = msgspec.json.Decoder().decode


@dataclass(frozen=True, slots=True)
class Change:
    """One conditional update. Names in `sets`, `adds` and `removes` are attributes; `extra` are ready-made SET clauses.

    `condition` and `extra` write an attribute as #name, a value of `values` as :name; a dotted path as #a.#b.
    """

    condition: str
    sets: Mapping[str, Any] = field(default_factory=dict)
    removes: Sequence[str] = ()
    adds: Mapping[str, int] = field(default_factory=dict)
    extra: Sequence[str] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)

    def request(self) -> dict[str, Any]:
        placed = {f":set{place}": value for place, value in enumerate(self.sets.values())}
        added = {f":add{place}": value for place, value in enumerate(self.adds.values())}
        clauses = [f"#{name} = :set{place}" for place, name in enumerate(self.sets)] + list(self.extra)
        parts = [f"SET {', '.join(clauses)}"] if clauses else []
        if self.removes:
            parts.append(f"REMOVE {', '.join(f'#{name}' for name in self.removes)}")
        if self.adds:
            parts.append(f"ADD {', '.join(f'#{name} :add{place}' for place, name in enumerate(self.adds))}")
        expression = " ".join(parts)
        own = {f"#{name}": name for name in (*self.sets, *self.removes, *self.adds)}
        values = {**placed, **added, **{f":{name}": value for name, value in self.values.items()}}
        return {
            "UpdateExpression": expression,
            "ConditionExpression": self.condition,
            "ExpressionAttributeNames": {**own, **{f"#{name}": to for name, to in self.names.items()}},
            **({"ExpressionAttributeValues": pack(values)} if values else {}),
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """`item` is the row after an accepted change, and the row as it was found after a refused one.

    `doubted`: an earlier attempt's answer was lost, so that a refusal may be the work of that attempt.
    """

    accepted: bool
    item: Item | None
    doubted: bool = False


class Order(Enum):
    ASCENDING = "ascending"
    DESCENDING = "descending"


@dataclass(frozen=True, slots=True)
class Question:
    """One Query: `condition` on the keys, written as in `Change`."""

    condition: str
    values: Mapping[str, Any]
    names: Mapping[str, str] = field(default_factory=dict)
    index: str | None = None
    order: Order = Order.ASCENDING
    filter: str | None = None
    projection: str | None = None
    limit: int | None = None

    def request(self) -> dict[str, Any]:
        optional = {
            "IndexName": self.index,
            "FilterExpression": self.filter,
            "ProjectionExpression": self.projection,
            "Limit": self.limit,
            "ExpressionAttributeNames": {f"#{name}": to for name, to in self.names.items()} or None,
        }
        return {
            "KeyConditionExpression": self.condition,
            "ExpressionAttributeValues": pack({f":{name}": value for name, value in self.values.items()}),
            "ScanIndexForward": self.order is Order.ASCENDING,
            "ConsistentRead": self.index is None,
            **{name: value for name, value in optional.items() if value is not None},
        }


class Table:
    """Raises StoreBusy from every method when DynamoDB stays busy, or silent, past the bounded attempts.

    An operation whose answer was lost is sent again, so that each may act twice: a condition that no longer holds
    once the operation has acted is then refused by its own effect. `Outcome.doubted` says so.
    """

    def __init__(self, endpoint: Endpoint, name: str, backoff: Backoff, lanes: Lanes) -> None:
        self.name = name
        self._endpoint = endpoint
        self._backoff = backoff
        self._lanes = lanes

    def created_at(self) -> float:
        """When the table was made, in seconds since 1970: another moment after a restore."""
        return float(self._ask("DescribeTable", {})["Table"]["CreationDateTime"])

    def get(self, key: Key) -> Item | None:
        answer = self._ask("GetItem", {"Key": pack(key), "ConsistentRead": True})
        return unpack(answer["Item"]) if "Item" in answer else None

    def put(self, item: Item) -> None:
        self._ask("PutItem", {"Item": pack(item)})

    def put_new(self, item: Item) -> Outcome:
        """Writes the item unless one with its key is there."""
        request = {
            "Item": pack(item),
            "ConditionExpression": "attribute_not_exists(pk)",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        outcome = self._guarded("PutItem", request, {"pk": item["pk"], "sk": item["sk"]})
        return Outcome(accepted=True, item=item) if outcome.accepted else outcome

    def change(self, key: Key, change: Change) -> Outcome:
        request = {
            **change.request(),
            "Key": pack(key),
            "ReturnValues": "ALL_NEW",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        return self._guarded("UpdateItem", request, key)

    def take(self, key: Key) -> Item | None:
        """Removes an item and gives it, to one caller only; where the answer was lost, to none."""
        answer = self._ask("DeleteItem", {"Key": pack(key), "ReturnValues": "ALL_OLD"})
        return unpack(answer["Attributes"]) if "Attributes" in answer else None

    def change_each(self, changes: Sequence[tuple[Key, Change]]) -> None:
        """Many changes of distinct items, in parallel; a refused one leaves its item as it is."""
        self._lanes(lambda pair: self._change_unseen(*pair), changes)

    def _change_unseen(self, key: Key, change: Change) -> None:
        try:
            self._ask("UpdateItem", {**change.request(), "Key": pack(key)})
        except Refused as refused:
            if refused.code != CONDITION:
                raise

    def transact(self, operations: Sequence[dict[str, Any]]) -> None:
        """All or none of [{"Put": ...}, {"Delete": ...}] on this table.

        Raises:
            Refused: with the code CANCELLED where one of their conditions failed, or another writer was quicker.
        """
        named = [
            {verb: {"TableName": self.name, **rest} for verb, rest in operation.items()} for operation in operations
        ]
        self._send("TransactWriteItems", _json({"TransactItems": named}))

    def query(self, question: Question) -> Iterator[Item]:
        """Every item, page after page."""
        request = question.request()
        while True:
            items, after = self._page(request)
            yield from items
            if after is None:
                return
            request["ExclusiveStartKey"] = after

    def first_of_each(self, questions: Sequence[Question]) -> list[list[Item]]:
        """For each question at most its `limit` items, in one request each, in parallel."""
        return self._lanes(lambda question: self._page(question.request())[0], questions)

    def query_up_to(self, question: Question, most: int) -> list[Item]:
        return list(islice(self.query(question), most))

    def get_all(self, keys: Sequence[Key]) -> list[Item]:
        """The items that are there, each once, in the order of `keys`; read consistently.

        An index may for a moment show an item in its old and its new place: the same key twice.
        """
        keys = list({(key["pk"], key["sk"]): key for key in keys}.values())
        batches = [keys[start : start + READ_BATCH] for start in range(0, len(keys), READ_BATCH)]
        found = {(item["pk"], item["sk"]): item for batch in self._lanes(self._get_batch, batches) for item in batch}
        return [found[key["pk"], key["sk"]] for key in keys if (key["pk"], key["sk"]) in found]

    def put_all(self, items: Sequence[bytes]) -> None:
        """Writes items, each packed and as JSON, and is durable when it returns; keys must be distinct.

        Raises:
            StoreBusy: nothing more was taken past the bounded attempts; some may be written.
        """
        self._write_all([b'{"PutRequest":{"Item":%b}}' % item for item in items])

    def delete_all(self, keys: Sequence[Key]) -> None:
        self._write_all([b'{"DeleteRequest":{"Key":%b}}' % _json(pack(key)) for key in keys])

    def _write_all(self, requests: Sequence[bytes]) -> None:
        headway = Headway()
        self._lanes(lambda batch: self._write_batch(batch, headway), list(_batches(requests)))

    def _write_batch(self, batch: Sequence[bytes], headway: Headway) -> None:
        attempts = self._backoff.begin(headway)
        waiting = batch
        while waiting:
            body = b'{"RequestItems":{"%b":[%b]}}' % (self.name.encode(), b",".join(waiting))
            left = self._send("BatchWriteItem", body, attempts).get("UnprocessedItems", {}).get(self.name, [])
            if len(left) < len(waiting):
                attempts.progressed()
            waiting = [_json(request) for request in left]
            if waiting:
                attempts.again("UnprocessedItems")

    def _get_batch(self, keys: Sequence[Key]) -> list[Item]:
        attempts = self._backoff.begin()
        waiting: Any = {self.name: {"Keys": [pack(key) for key in keys], "ConsistentRead": True}}
        found: list[Item] = []
        while waiting:
            answer = self._send("BatchGetItem", _json({"RequestItems": waiting}), attempts)
            items = answer["Responses"].get(self.name, [])
            found += map(unpack, items)
            if items:
                attempts.progressed()
            waiting = answer.get("UnprocessedKeys")
            if waiting:
                attempts.again("UnprocessedKeys")
        return found

    def _page(self, request: dict[str, Any]) -> tuple[list[Item], Any | None]:
        answer = self._ask("Query", request)
        return [unpack(item) for item in answer["Items"]], answer.get("LastEvaluatedKey")

    def _guarded(self, operation: str, request: dict[str, Any], key: Key) -> Outcome:
        attempts = self._backoff.begin()
        try:
            answer = self._ask(operation, request, attempts)
        except Refused as refused:
            if refused.code != CONDITION:
                raise
            there = _DECODE(refused.body).get("Item")
            return Outcome(accepted=False, item=unpack(there) if there else self.get(key), doubted=attempts.doubted)
        return Outcome(accepted=True, item=unpack(answer.get("Attributes", {})))

    def _ask(self, operation: str, request: dict[str, Any], attempts: Attempts | None = None) -> Any:
        return self._send(operation, _json({"TableName": self.name, **request}), attempts)

    def _send(self, operation: str, body: bytes, attempts: Attempts | None = None) -> Any:
        attempts = attempts or self._backoff.begin()
        while True:
            try:
                return _DECODE(self._endpoint.call(operation, body))
            except Refused as refused:
                if refused.code not in BUSY:
                    raise
                attempts.again(refused.code)
            except NoAnswer as lost:
                attempts.doubted = True
                attempts.again(lost.kind)


def _json(value: Any) -> bytes:
    return _ENCODE(value)


def _batches(requests: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    """Cuts where one more would pass the number or the bytes of a batch write."""
    batch: list[bytes] = []
    size = 0
    for request in requests:
        if len(batch) == WRITE_BATCH or size + len(request) > WRITE_BYTES:
            yield batch
            batch, size = [], 0
        batch.append(request)
        size += len(request)
    if batch:
        yield batch
