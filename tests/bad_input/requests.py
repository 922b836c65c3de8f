"""Bad requests to the API and what they are answered with, for every operation that takes such a part."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from planster_sync.entry.api.cursors import sealed
from planster_sync.model.data_types import DataType
from tests.engine.world import World
from tests.integration.api.caller import Answer, Api, http_event, token
from tests.integration.api.stocked import stocked
from tests.integration.api.write_openapi import current

HOME = "/v1/organisations/{organisation}/integrations/{integration}"


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of the OpenAPI document."""

    path: str
    method: str
    told: Mapping[str, Any]

    @property
    def name(self) -> str:
        return str(self.told["operationId"])

    @property
    def body(self) -> Any:
        return self.told["requestBody"]["content"]["application/json"]["example"]

    def takes(self, place: str, name: str) -> bool:
        return any((each["in"], each["name"]) == (place, name) for each in self.told.get("parameters", ()))


@dataclass(frozen=True, slots=True)
class Request:
    """One request; `names` fill the address."""

    names: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    body: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = ""
    is_base64: bool = False
    caller: str = "org1"


@dataclass(frozen=True, slots=True)
class Case:
    """`of` says which operations it is asked of."""

    what: str
    of: Callable[[Operation], bool]
    request: Callable[[Operation], Request]
    status: int
    code: str


def operations() -> list[Operation]:
    """Those below an organisation."""
    paths = json.loads(current())["paths"].items()
    every = [Operation(path, method.upper(), told) for path, methods in paths for method, told in methods.items()]
    return [each for each in every if "{organisation}" in each.path]


def world() -> World:
    """Stock, orders, a run that has ended; one order that the source has deleted."""
    made = stocked("a", "b")
    made.source.fill(12)
    made.source.order("gone")
    made.night()
    del made.source.orders["gone"]
    made.night()
    return made


def asked(api: Api, operation: Operation, request: Request) -> Answer:
    names = {"organisation": "org1", "integration": "int1", "run": api.world.last_run().id, "record": "a"}
    names |= {"data_type": "inventory_levels", "shipment": "s1", "reference": "PO-1", **request.names}
    path = operation.path
    for name, value in names.items():
        path = path.replace(f"{{{name}}}", quote(value, safe=""))
    address = path.replace("{", "").replace("}", "") + (f"?{request.query}" if request.query else "")
    body = request.body
    if body is None and "requestBody" in operation.told:
        body = json.dumps(operation.body)
    event = http_event(
        request.method or operation.method, address, body, dict(request.headers), authorizer=token(request.caller)
    )
    return api.send({**event, "isBase64Encoded": request.is_base64})


def with_body(operation: Operation) -> bool:
    return "requestBody" in operation.told


def with_query(name: str) -> Callable[[Operation], bool]:
    return lambda operation: operation.takes("query", name)


def in_address(name: str) -> Callable[[Operation], bool]:
    return lambda operation: operation.takes("path", name)


def only(name: str) -> Callable[[Operation], bool]:
    return lambda operation: operation.name == name


def always(request: Request) -> Callable[[Operation], Request]:
    return lambda _: request


def sent(body: Any) -> Callable[[Operation], Request]:
    return always(Request(body=json.dumps(body)))


def changed(**fields: Any) -> Callable[[Operation], Request]:
    """The operation's own example with other fields; a field of None is left out."""

    def request(operation: Operation) -> Request:
        body = {**operation.body, **fields}
        return Request(body=json.dumps({name: value for name, value in body.items() if value is not None}))

    return request


def at(query: str, **names: str) -> Callable[[Operation], Request]:
    return always(Request(names, query))


def of_nobody(operation: Operation) -> Request:
    """An integration that is not there; a body that has to name it, names it too."""
    body = json.dumps({"integration": "int9"}) if operation.name == "disconnect" else None
    return Request({"integration": "int9"}, body=body)


def needs_body(operation: Operation) -> bool:
    return with_body(operation) and bool(operation.told["requestBody"].get("required"))


INVALID, UNKNOWN = "invalid_request", "not_found"
STOCK = DataType.INVENTORY_LEVELS
NOBODYS = sealed(("another list",), "x")

COMMON = (
    Case("a body that is cut short", with_body, always(Request(body='{"a": ')), 400, INVALID),
    Case("a body nested 100,000 deep", with_body, always(Request(body='{"a":' * 100_000)), 400, INVALID),
    Case("bytes that are no text", with_body, always(Request(body="//79/A==", is_base64=True)), 400, INVALID),
    Case("a list in the place of an object", with_body, sent([{}]), 422, INVALID),
    Case("a text in the place of an object", with_body, sent("orders"), 422, INVALID),
    Case("a field that nobody knows", with_body, changed(surprise=1), 422, INVALID),
    Case("no field at all", needs_body, sent({}), 422, INVALID),
    Case("a body of 1,000,001 bytes", with_body, always(Request(body=" " * 1_000_001)), 413, "request_too_large"),
    Case(
        "a form",
        with_body,
        always(Request(body="a=b", headers={"content-type": "application/x-www-form-urlencoded"})),
        415,
        "unsupported_media_type",
    ),
    Case("another organisation's token", lambda _: True, always(Request(caller="org2")), 404, UNKNOWN),
    Case("an integration that does not exist", in_address("integration"), of_nobody, 404, UNKNOWN),
    Case(
        "an integration's name of 129 characters",
        in_address("integration"),
        at("", integration="i" * 129),
        422,
        INVALID,
    ),
    Case("a method that the address lacks", lambda _: True, always(Request(method="PUT")), 405, "method_not_allowed"),
    Case("a data type that does not exist", in_address("data_type"), at("", data_type="socks"), 422, INVALID),
    Case("a page of 0", with_query("limit"), at("limit=0"), 422, INVALID),
    Case("a page of 101", with_query("limit"), at("limit=101"), 422, INVALID),
    Case("a page of many", with_query("limit"), at("limit=many"), 422, INVALID),
    Case("a cursor that is none", with_query("after"), at("after=AAAA"), 422, INVALID),
    Case("a cursor of another list", with_query("after"), at(f"after={NOBODYS}"), 422, INVALID),
    Case("a cursor of 2,049 characters", with_query("after"), at(f"after={'A' * 2049}"), 422, INVALID),
    Case("a run that does not exist", in_address("run"), at("", run="20200101T000000Z"), 404, UNKNOWN),
    Case("a record that does not exist", in_address("record"), at("", record="x"), 404, UNKNOWN),
    Case("a record's id of 3,073 characters", in_address("record"), at("", record="x" * 3073), 422, INVALID),
)

SINGLE = (
    Case(
        "a status that is no word of Planster",
        only("listRecords"),
        at("status=opened", data_type="orders"),
        422,
        INVALID,
    ),
    Case("a filter that the records lack", only("listRecords"), at("status=open"), 422, "unsupported"),
    Case("a data type that is not served", only("listRecords"), at("", data_type="bills"), 422, "unsupported"),
    Case("a moment that is none", only("listRecords"), at("updated_since=yesterday"), 422, INVALID),
    Case("a moment without a zone", only("listRecords"), at("updated_since=2026-05-04T08:00:00"), 422, INVALID),
    Case("seconds in the place of a moment", only("listChanges"), at("since=1767225600"), 422, INVALID),
    Case("an empty filter", only("listRecords"), at("sku="), 422, INVALID),
    Case("a form of file that does not exist", only("exportRecords"), at("format=xml"), 422, INVALID),
    Case("a state that no run has", only("listRuns"), at("state=lost"), 422, INVALID),
    Case("a mode that does not exist", only("syncNow"), sent({"mode": "fast"}), 422, INVALID),
    Case("the same data type twice", only("syncNow"), sent({"data_types": ["orders", "orders"]}), 422, INVALID),
    Case("a data type that is not served", only("syncNow"), sent({"data_types": ["bills"]}), 422, "unsupported"),
    Case("an empty key", only("syncNow"), always(Request(headers={"idempotency-key": ""})), 422, INVALID),
    Case(
        "a key of 256 characters",
        only("syncNow"),
        always(Request(headers={"idempotency-key": "k" * 256})),
        422,
        INVALID,
    ),
    Case("a run that has ended", only("cancelRun"), at(""), 409, "conflict"),
    Case("a zone that does not exist", only("changeSettings"), sent({"zone": "Europe/Atlantis"}), 422, INVALID),
    Case("no and yes in the place of hours", only("changeSettings"), sent({"hours": [False, True]}), 422, INVALID),
    Case("a word in the place of yes", only("changeSettings"), sent({"data_types": {"orders": "yes"}}), 422, INVALID),
    Case("a text in the place of a number", only("changeSettings"), sent({"snapshot_days": "7"}), 422, INVALID),
    Case("yes in the place of a number", only("verifySource"), changed(sku=None, sample=True), 422, INVALID),
    Case("a day that does not exist", only("changeSettings"), sent({"history_from": "2026-02-30"}), 422, INVALID),
    Case("history that cannot be bounded", only("changeSettings"), sent({"history_from": "2026-01-31"}), 422, INVALID),
    Case("an hour that does not exist", only("changeSettings"), sent({"hours": [24]}), 422, INVALID),
    Case(
        "a data type that is not served",
        only("changeSettings"),
        sent({"data_types": {"bills": True}}),
        422,
        "unsupported",
    ),
    Case("another list than the one that is held", only("approveHeldDeletion"), at(""), 409, "conflict"),
    Case("another list than the one that is held", only("rejectHeldDeletion"), at(""), 409, "conflict"),
    Case("neither record nor SKU", only("adjustRecord"), changed(sku=None), 422, INVALID),
    Case("a SKU that no record has", only("adjustRecord"), changed(sku="NOBODYS"), 404, UNKNOWN),
    Case("a data type that nobody corrects", only("adjustRecord"), changed(data_type="orders"), 422, "unsupported"),
    Case("a field that nobody corrects", only("adjustRecord"), changed(sku="A", fields={"id": "b"}), 422, INVALID),
    Case("a quantity below 0", only("adjustRecord"), changed(sku="A", fields={"on_hand": -1}), 422, INVALID),
    Case("a quantity that is a text", only("adjustRecord"), changed(sku="A", fields={"on_hand": "8"}), 422, INVALID),
    Case("stock that is no sum", only("adjustRecord"), changed(sku="A", fields={"fulfillable": 99}), 422, INVALID),
    Case("a value that is there already", only("adjustRecord"), changed(sku="A", fields={"on_hand": 10}), 422, INVALID),
    Case("no correction to take back", only("withdrawAdjustment"), at(""), 404, UNKNOWN),
    Case("two ways to name records", only("verifySource"), changed(record="a"), 422, INVALID),
    Case("a sample of 11", only("verifySource"), changed(sku=None, sample=11), 422, INVALID),
    Case("a SKU that no record has", only("verifySource"), changed(sku="NOBODYS"), 404, UNKNOWN),
    Case("another integration's name", only("disconnect"), sent({"integration": "int2"}), 422, INVALID),
    Case("a reference that nobody used", only("getInboundShipmentWrite"), at("", reference="PO-9"), 404, UNKNOWN),
    Case("columns with an unknown name", only("adjustRecords"), changed(csv="id,socks\na,1\n"), 422, INVALID),
    Case("a column twice", only("adjustRecords"), changed(csv="id,on_hand,on_hand\na,1,2\n"), 422, INVALID),
    Case("no column of ids or SKUs", only("adjustRecords"), changed(csv="on_hand\n8\n"), 422, INVALID),
    Case("no line behind the names", only("adjustRecords"), changed(csv="id,on_hand\n"), 422, INVALID),
    Case("501 lines", only("adjustRecords"), changed(csv="id,on_hand\n" + "a,1\n" * 501), 422, INVALID),
    Case("a quote that does not end", only("adjustRecords"), changed(csv='id,on_hand\n"a,1\n'), 422, INVALID),
)

LINES: tuple[tuple[str, str, str], ...] = (
    ("no id", "id,on_hand\n,8\n", INVALID),
    ("an id that does not exist", "id,on_hand\nx,8\n", UNKNOWN),
    ("a SKU that does not exist", "sku,on_hand\nX,8\n", UNKNOWN),
    ("no value", "id,on_hand\na,\n", INVALID),
    ("a text in the place of a number", "id,on_hand\na,eight\n", INVALID),
    ("separators of thousands", 'id,on_hand\na,"1,000"\n', INVALID),
    ("a number of 20 digits", "id,on_hand\na,12345678901234567890\n", INVALID),
    ("a number below 0", "id,on_hand\na,-8\n", INVALID),
    ("more cells than columns", "id,on_hand\na,8,9\n", INVALID),
    ("a currency without an amount", "id,unit_cost.currency\na,EUR\n", INVALID),
    ("neither true nor false", "id,active\na,maybe\n", INVALID),
    ("stock that is no sum", "id,fulfillable\na,99\n", INVALID),
)


def matched() -> Iterator[tuple[Case, Operation]]:
    """Each case with each operation that it is asked of."""
    found = operations()
    for case in (*COMMON, *SINGLE):
        yield from ((case, operation) for operation in found if case.of(operation))


def told() -> Iterator[tuple[str, str, int, str, str]]:
    """What comes, of which operation (empty: of each that takes such a part), and status, code and remedy."""
    api, found = Api(world()), sorted(operations(), key=lambda operation: operation.name)
    for case in (*COMMON, *SINGLE):
        operation = next(each for each in found if case.of(each))
        answer = asked(api, operation, case.request(operation))
        where = "" if case in COMMON else operation.name
        yield case.what, where, answer.status, answer.body["code"], answer.body["remedy"]
    for what, csv, _ in LINES:
        error = line_answered(api, csv)
        yield f"a line of CSV: {what}", "adjustRecords", 200, error["code"], error["remedy"]


def line_answered(api: Api, csv: str) -> Mapping[str, Any]:
    """What a dry run says of a single line."""
    (operation,) = (each for each in operations() if each.name == "adjustRecords")
    answer = asked(api, operation, changed(csv=csv)(operation))
    (error,) = answer.body["errors"]
    return dict(error)
