"""One DynamoDB table in plain values: single guarded writes, consistent reads, and queries page by page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import islice
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from planster_sync.errors import StoreBusy
from planster_sync.storage.attributes import Item, Packed, pack, unpack
from planster_sync.storage.backoff import Backoff
from planster_sync.storage.failures import CONDITION, busy_as_store_busy, code_of
from planster_sync.storage.keys import Key
from planster_sync.storage.lanes import in_lanes

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

WRITE_BATCH = 25
READ_BATCH = 100


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

    def arguments(self) -> dict[str, Any]:
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
    """`item` is the row after an accepted change, and the row as it was found after a refused one."""

    accepted: bool
    item: Item | None


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

    def arguments(self) -> dict[str, Any]:
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
    """Raises StoreBusy from every method when DynamoDB stays busy past the bounded retries."""

    def __init__(self, client: DynamoDBClient, name: str, backoff: Backoff) -> None:
        self.client = client
        self.name = name
        self._backoff = backoff

    def get(self, key: Key) -> Item | None:
        with busy_as_store_busy():
            answer = self.client.get_item(TableName=self.name, Key=pack(key), ConsistentRead=True)
        return unpack(answer["Item"]) if "Item" in answer else None

    def put(self, item: Item) -> None:
        with busy_as_store_busy():
            self.client.put_item(TableName=self.name, Item=pack(item))

    def put_new(self, item: Item) -> Outcome:
        """Writes the item unless one with its key is there."""
        arguments: dict[str, Any] = {
            "Item": pack(item),
            "ConditionExpression": "attribute_not_exists(pk)",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        try:
            with busy_as_store_busy():
                self.client.put_item(TableName=self.name, **arguments)
        except ClientError as error:
            return self._refused(error, {"pk": item["pk"], "sk": item["sk"]})
        return Outcome(accepted=True, item=item)

    def change(self, key: Key, change: Change) -> Outcome:
        arguments: dict[str, Any] = {
            **change.arguments(),
            "Key": pack(key),
            "ReturnValues": "ALL_NEW",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        try:
            with busy_as_store_busy():
                answer = self.client.update_item(TableName=self.name, **arguments)
        except ClientError as error:
            return self._refused(error, key)
        return Outcome(accepted=True, item=unpack(answer["Attributes"]))

    def change_each(self, changes: Sequence[tuple[Key, Change]]) -> None:
        """Many changes of distinct items, in parallel; a refused one leaves its item as it is."""
        in_lanes(lambda pair: self.change(*pair), changes)

    def query(self, question: Question) -> Iterator[Item]:
        """Every item, page after page."""
        arguments = question.arguments()
        while True:
            items, after = self._page(arguments)
            yield from items
            if after is None:
                return
            arguments["ExclusiveStartKey"] = after

    def first(self, question: Question) -> list[Item]:
        """At most `question.limit` items, in one request."""
        return self._page(question.arguments())[0]

    def query_up_to(self, question: Question, most: int) -> list[Item]:
        return list(islice(self.query(question), most))

    def get_all(self, keys: Sequence[Key]) -> list[Item]:
        """The items that are there, each once, in the order of `keys`; read consistently.

        An index may for a moment show an item in its old and its new place: the same key twice.
        """
        keys = list({(key["pk"], key["sk"]): key for key in keys}.values())
        batches = [keys[start : start + READ_BATCH] for start in range(0, len(keys), READ_BATCH)]
        found = {(item["pk"], item["sk"]): item for batch in in_lanes(self._get_batch, batches) for item in batch}
        return [found[key["pk"], key["sk"]] for key in keys if (key["pk"], key["sk"]) in found]

    def put_all(self, items: Sequence[Packed]) -> None:
        """Durable when it returns; keys must be distinct. Some may be written when it raises StoreBusy."""
        self._write_all([{"PutRequest": {"Item": item}} for item in items])

    def delete_all(self, keys: Sequence[Key]) -> None:
        self._write_all([{"DeleteRequest": {"Key": pack(key)}} for key in keys])

    def _write_all(self, requests: Sequence[dict[str, Any]]) -> None:
        # 25 items of at most 400 KB are 10 MB, so the 16 MB of a request need no count of their own.
        in_lanes(
            self._write_batch,
            [requests[start : start + WRITE_BATCH] for start in range(0, len(requests), WRITE_BATCH)],
        )

    def _write_batch(self, batch: Sequence[dict[str, Any]]) -> None:
        waiting: Any = {self.name: list(batch)}
        for _ in self._backoff.rounds():
            try:
                with busy_as_store_busy():
                    waiting = self.client.batch_write_item(RequestItems=waiting).get("UnprocessedItems")
            except StoreBusy:
                continue
            if not waiting:
                return

    def _get_batch(self, keys: Sequence[Key]) -> list[Item]:
        waiting: Any = {self.name: {"Keys": [pack(key) for key in keys], "ConsistentRead": True}}
        found: list[Item] = []
        for _ in self._backoff.rounds():
            with busy_as_store_busy():
                answer = self.client.batch_get_item(RequestItems=waiting)
            found += [unpack(item) for item in answer["Responses"].get(self.name, [])]
            waiting = answer.get("UnprocessedKeys")
            if not waiting:
                break
        return found

    def _page(self, arguments: dict[str, Any]) -> tuple[list[Item], Any | None]:
        with busy_as_store_busy():
            answer = self.client.query(TableName=self.name, **arguments)
        return [unpack(item) for item in answer["Items"]], answer.get("LastEvaluatedKey")

    def _refused(self, error: ClientError, key: Key) -> Outcome:
        if code_of(error) != CONDITION:
            raise error
        there: Any = error.response.get("Item")
        return Outcome(accepted=False, item=unpack(there) if there else self.get(key))
