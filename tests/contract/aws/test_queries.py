"""Queries: ranges, order, pages, filters, and what an index shows."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

import pytest

from tests.contract.aws.backends import Dynamo
from tests.contract.aws.deviations import on

SORTS = ["a", "a#1", "a#2", "b", "bé", "c"]
ALL: dict[str, Any] = {"KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": {":pk": {"S": "p"}}}


def fill(dynamo: Dynamo) -> None:
    for place, sort in enumerate(["b", "c", "a#2", "a", "bé", "a#1"]):
        dynamo.put(pk={"S": "p"}, sk={"S": sort}, n={"N": str(place)})
    dynamo.put(pk={"S": "other"}, sk={"S": "a"})


def sorts(answer: dict[str, Any]) -> list[str]:
    return [item["sk"]["S"] for item in answer["Items"]]


def pages(dynamo: Dynamo, **request: Any) -> Iterator[list[str]]:
    """The sort keys of every page, up to the end; more than fifty pages never end."""
    after: dict[str, Any] = {}
    for _ in range(50):
        answer = dynamo.do("Query", **request, **after)
        yield sorts(answer)
        if "LastEvaluatedKey" not in answer:
            return
        after = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}
    raise AssertionError("the query does not end")


def test_a_partition_is_given_in_the_order_of_its_sort_keys_bytes(dynamo: Dynamo) -> None:
    fill(dynamo)

    answer = dynamo.do("Query", **ALL)

    assert sorts(answer) == SORTS
    assert (answer["Count"], answer["ScannedCount"]) == (6, 6)
    assert "LastEvaluatedKey" not in answer


RANGES = {
    "sk = :a": ["b"],
    "sk < :a": ["a", "a#1", "a#2"],
    "sk <= :a": ["a", "a#1", "a#2", "b"],
    "sk > :a": ["bé", "c"],
    "sk >= :a": ["b", "bé", "c"],
    "sk BETWEEN :low AND :a": ["a#1", "a#2", "b"],
    "begins_with(sk, :start)": ["a#1", "a#2"],
}


@pytest.mark.parametrize("condition", RANGES)
@pytest.mark.parametrize("forward", [True, False], ids=["forwards", "backwards"])
def test_a_range_of_sort_keys_is_given_in_either_direction(dynamo: Dynamo, condition: str, forward: bool) -> None:
    fill(dynamo)
    values = {":a": {"S": "b"}, ":low": {"S": "a#1"}, ":start": {"S": "a#"}}
    used = {name: value for name, value in values.items() if name in condition}

    answer = dynamo.do(
        "Query",
        KeyConditionExpression=f"pk = :pk AND {condition}",
        ExpressionAttributeValues={":pk": {"S": "p"}, **used},
        ScanIndexForward=forward,
    )

    assert sorts(answer) == (RANGES[condition] if forward else RANGES[condition][::-1])


@pytest.mark.parametrize("forward", [True, False], ids=["forwards", "backwards"])
@pytest.mark.parametrize("limit", [1, 2, 4, 6, 7])
def test_pages_join_to_the_whole(dynamo: Dynamo, limit: int, forward: bool) -> None:
    fill(dynamo)

    found = list(pages(dynamo, **ALL, Limit=limit, ScanIndexForward=forward))

    assert list(chain.from_iterable(found)) == (SORTS if forward else SORTS[::-1])
    assert all(len(page) <= limit for page in found)


def test_a_full_page_says_that_there_may_be_more_even_where_there_is_not(dynamo: Dynamo) -> None:
    fill(dynamo)

    answer = dynamo.do("Query", **ALL, Limit=6)

    assert ("LastEvaluatedKey" in answer) == on(dynamo.backend, "a full page is not known to be the last", True)


def test_a_page_begins_behind_a_key_that_is_gone(dynamo: Dynamo) -> None:
    fill(dynamo)
    start = {"pk": {"S": "p"}, "sk": {"S": "a#1"}}
    dynamo.do("DeleteItem", Key=start)

    forwards = dynamo.do("Query", **ALL, ExclusiveStartKey=start)
    backwards = dynamo.do("Query", **ALL, ExclusiveStartKey=start, ScanIndexForward=False)

    assert sorts(forwards) == on(dynamo.backend, "a start key may be gone", ["a#2", "b", "bé", "c"])
    assert sorts(backwards) == on(dynamo.backend, "a start key may be gone, backwards", ["a"])


def test_a_filter_takes_away_what_the_limit_has_counted(dynamo: Dynamo) -> None:
    fill(dynamo)
    values = {":pk": {"S": "p"}, ":n": {"N": "2"}}

    answer = dynamo.do(
        "Query",
        KeyConditionExpression="pk = :pk",
        FilterExpression="n > :n",
        ExpressionAttributeValues=values,
        Limit=3,
    )

    assert sorts(answer) == ["a", "a#1"]
    assert (answer["Count"], answer["ScannedCount"]) == (2, 3)
    assert answer["LastEvaluatedKey"] == {"pk": {"S": "p"}, "sk": {"S": "a#2"}}


def test_a_projection_gives_only_what_it_names(dynamo: Dynamo) -> None:
    dynamo.put(pk={"S": "p"}, sk={"S": "s"}, a={"N": "1"}, m={"M": {"x": {"N": "2"}, "y": {"N": "3"}}})

    answer = dynamo.do("Query", **ALL, ProjectionExpression="#a, m.x", ExpressionAttributeNames={"#a": "a"})

    assert answer["Items"] == [{"a": {"N": "1"}, "m": {"M": {"x": {"N": "2"}}}}]


def test_a_page_ends_at_a_megabyte(dynamo: Dynamo) -> None:
    for place in range(5):
        dynamo.put(pk={"S": "p"}, sk={"S": str(place)}, a={"S": "x" * 300_000})

    found = list(pages(dynamo, **ALL))

    assert list(chain.from_iterable(found)) == ["0", "1", "2", "3", "4"]
    assert len(found) == on(dynamo.backend, "a page ends at a megabyte", 2)


QUESTIONS: dict[str, dict[str, Any]] = {
    "no partition key": {"KeyConditionExpression": "sk = :v", "ExpressionAttributeValues": {":v": {"S": "a"}}},
    "a partition key that is not equal": {
        "KeyConditionExpression": "pk > :v",
        "ExpressionAttributeValues": {":v": {"S": "a"}},
    },
    "a number for a text key": {"KeyConditionExpression": "pk = :v", "ExpressionAttributeValues": {":v": {"N": "1"}}},
    "an attribute that is no key": {
        "KeyConditionExpression": "pk = :v AND n = :v",
        "ExpressionAttributeValues": {":v": {"S": "a"}},
    },
    "an unused value": {**ALL, "ExpressionAttributeValues": {":pk": {"S": "p"}, ":x": {"S": "x"}}},
    "a limit of none": {**ALL, "Limit": 0},
    "an index that is not there": {**ALL, "IndexName": "by_nothing"},
    "a consistent read of an index": {
        "KeyConditionExpression": "#pk = :v",
        "ExpressionAttributeNames": {"#pk": "_sku_pk"},
        "ExpressionAttributeValues": {":v": {"S": "a"}},
        "IndexName": "by_sku",
        "ConsistentRead": True,
    },
    "a filter on a bare name that begins with an underscore": {**ALL, "FilterExpression": "attribute_exists(_a)"},
}


@pytest.mark.parametrize("flaw", QUESTIONS)
def test_a_question_with_a_flaw_is_refused(dynamo: Dynamo, flaw: str) -> None:
    fill(dynamo)

    outcome = dynamo.outcome("Query", **QUESTIONS[flaw])

    assert outcome == on(dynamo.backend, f"a question with {flaw} is refused", "ValidationException")


BY_SKU: dict[str, Any] = {
    "IndexName": "by_sku",
    "KeyConditionExpression": "#pk = :sku",
    "ExpressionAttributeNames": {"#pk": "_sku_pk"},
    "ExpressionAttributeValues": {":sku": {"S": "red"}},
}


def with_sku(dynamo: Dynamo, pk: str, sk: str, sku: str | None) -> None:
    dynamo.put(pk={"S": pk}, sk={"S": sk}, a={"N": "1"}, **({"_sku_pk": {"S": sku}} if sku else {}))


def test_an_index_holds_keys_of_those_items_only_that_have_its_key(dynamo: Dynamo) -> None:
    with_sku(dynamo, "p", "2", "red")
    with_sku(dynamo, "q", "1", "red")
    with_sku(dynamo, "p", "3", "blue")
    with_sku(dynamo, "p", "4", None)

    answer = dynamo.do("Query", **BY_SKU)

    assert answer["Items"] == [
        {"pk": {"S": "q"}, "sk": {"S": "1"}, "_sku_pk": {"S": "red"}},
        {"pk": {"S": "p"}, "sk": {"S": "2"}, "_sku_pk": {"S": "red"}},
    ]


def test_an_index_follows_each_way_of_changing_an_item(dynamo: Dynamo) -> None:
    for sort in "12345":
        with_sku(dynamo, "p", sort, "red")
    key = {sort: {"pk": {"S": "p"}, "sk": {"S": sort}} for sort in "12345"}
    names: Any = {"ExpressionAttributeNames": {"#s": "_sku_pk"}}

    dynamo.do("UpdateItem", Key=key["1"], UpdateExpression="REMOVE #s", **names)
    moved = {":b": {"S": "blue"}}
    dynamo.do("UpdateItem", Key=key["2"], UpdateExpression="SET #s = :b", ExpressionAttributeValues=moved, **names)
    dynamo.do("DeleteItem", Key=key["3"])
    with_sku(dynamo, "p", "4", None)

    assert sorts(dynamo.do("Query", **BY_SKU)) == ["5"]
    blue = {**BY_SKU, "ExpressionAttributeValues": {":sku": {"S": "blue"}}}
    assert sorts(dynamo.do("Query", **blue)) == ["2"]


def test_an_index_is_paged_by_its_own_keys_and_the_tables(dynamo: Dynamo) -> None:
    for pk, sk in (("p", "1"), ("p", "2"), ("q", "2"), ("q", "3")):
        with_sku(dynamo, pk, sk, "red")

    first = dynamo.do("Query", **BY_SKU, Limit=2)
    found = list(pages(dynamo, **BY_SKU, Limit=1))

    assert set(first["LastEvaluatedKey"]) == {"pk", "sk", "_sku_pk"}
    assert list(chain.from_iterable(found)) == on(
        dynamo.backend, "an index with equal keys is paged without a loss", ["1", "2", "2", "3"]
    )


def test_an_index_with_its_own_sort_key_gives_a_range(dynamo: Dynamo) -> None:
    for place, moment in enumerate(("2026-03", "2026-01", "2026-02")):
        keys = {"pk": {"S": f"run-{place}"}, "sk": {"S": "x"}, "due_pk": {"S": "RUN#1"}, "due_sk": {"S": moment}}
        dynamo.do("PutItem", dynamo.control, Item=keys)

    answer = dynamo.do(
        "Query",
        dynamo.control,
        IndexName="by_due",
        KeyConditionExpression="due_pk = :pk AND due_sk <= :now",
        ExpressionAttributeValues={":pk": {"S": "RUN#1"}, ":now": {"S": "2026-02"}},
        Limit=5,
    )

    assert [item["pk"]["S"] for item in answer["Items"]] == ["run-1", "run-2"]
