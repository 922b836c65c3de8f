"""What vendors send on a bad day, and what becomes of it: the table behind docs/bad-input.md."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from planster_sync.model.runs import TaskState
from tests.bad_input.plant import item
from tests.bad_input.vendor import PAGE, Asked, Poison, page

CANARY = "canary-7f3a9c"
"""Stands in every poison that has room for it: no log, status or quarantine may repeat it."""

NUMBER = "1234567890" * 4


@dataclass(frozen=True, slots=True)
class Aside:
    """A record in quarantine. `source` is None where the record has no usable id."""

    source: str | None
    code: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class RecordCase:
    """Records among honest ones, `apart` places from each other; which of them are stored, which set aside."""

    what: str
    records: Sequence[bytes]
    stored: Sequence[bytes] = ()
    aside: Sequence[Aside] = ()
    apart: int = 1

    @property
    def outcome(self) -> str:
        kept = ("stored",) if self.stored else ()
        return ", ".join((*kept, *dict.fromkeys(f"quarantine, `{each.code}`" for each in self.aside)))


@dataclass(frozen=True, slots=True)
class PageCase:
    """Answers to page requests, night after night; how the task ends, with which code, after how many requests at most.

    `passes` says that a poison met only once is overcome in the same run.
    """

    what: str
    poison: Poison
    code: str
    state: TaskState = TaskState.FAILED
    most_requests: int = 80
    passes: bool = True

    @property
    def outcome(self) -> str:
        return f"{self.state.value}, `{self.code}`" if self.code else self.state.value


def _said(**fields: object) -> bytes:
    return item("bad", name=CANARY, **fields)


def _raw(text: str) -> bytes:
    """A record as text that no JSON writer would make."""
    return f'{{"id":"bad","name":"{CANARY}",{text}}}'.encode()


def _invalid(path: str = "", source: str | None = "bad") -> tuple[Aside, ...]:
    return (Aside(source, "record_invalid", path),)


def _deep(levels: int) -> str:
    return '"additional_fields":' + '{"a":' * levels + "1" + "}" * levels


OLDER, NEWER = _said(onhand=1), _said(onhand=2)
LETTERS = (item("CASE-a"), item("case-A"), item("case-a"))
ACCENTS = (item("caf\u00e9"), item("cafe\u0301"), item("\ufb01n"), item("fin"))
LONG_ID = "i" * 1025

RECORDS = (
    RecordCase("a record over 400 KB", (_said(sku=CANARY * 40_000),), aside=(Aside("bad", "record_too_large"),)),
    RecordCase("over 400 KB in a field that is not used", (_said(notes="n" * 500_000),), (_said(),)),
    RecordCase(
        "bytes that are not UTF-8", (_raw('"sku":"\ufffd"').replace("\ufffd".encode(), b"\xff"),), (), _invalid()
    ),
    RecordCase("an id that is not UTF-8", (b'{"id":"\xff\xfe","sku":"S"}',), (), _invalid("id", None)),
    RecordCase("half a character (a lone surrogate)", (_raw('"sku":"\\ud800"'),), (), _invalid()),
    RecordCase("NaN", (_raw('"onhand":NaN'),), (), _invalid()),
    RecordCase("Infinity", (_raw('"onhand":Infinity'),), (), _invalid()),
    RecordCase("-Infinity", (_raw('"onhand":-Infinity'),), (), _invalid()),
    RecordCase("a number beyond all bounds", (_raw('"onhand":1e400'),), (), _invalid("onhand")),
    RecordCase("a quantity of 40 digits", (_raw(f'"onhand":{NUMBER}'),), (), _invalid("onhand")),
    RecordCase("a quantity with 40 decimals", (_raw(f'"onhand":0.{NUMBER}'),), (), _invalid("onhand")),
    RecordCase("an amount of 40 digits in text", (_said(unit_cost=NUMBER),), (), _invalid("unit_cost")),
    RecordCase("40 digits in a field that is not used", (_raw(f'"rank":{NUMBER}'),), (_raw('"rank":1'),)),
    RecordCase("a number in text", (_said(onhand="7"),), (), _invalid("onhand")),
    RecordCase("no id", (json.dumps({"name": CANARY}).encode(),), (), _invalid("id", None)),
    RecordCase("null as id", (item(None, name=CANARY),), (), _invalid("id", None)),
    RecordCase("an empty id", (item("", name=CANARY),), (), _invalid("id", None)),
    RecordCase("a list as id", (item([CANARY], sku="S"),), (), _invalid("id", None)),
    RecordCase("a number as id", (item(7001),), (item("7001", sku="SKU-7001"),)),
    RecordCase("a number of 40 digits as id", (item(int(NUMBER)),), (item(NUMBER),)),
    RecordCase("an id longer than 1,024 characters", (item(LONG_ID, sku="S"),), (), _invalid("id", LONG_ID)),
    RecordCase("a null character in an id", (item("nul\0l"),), (item("nul\0l"),)),
    RecordCase("the same id twice on a page: the later one counts", (OLDER, NEWER), (NEWER,)),
    RecordCase("the same id on two pages: the later one counts", (OLDER, NEWER), (NEWER,), apart=PAGE + 1),
    RecordCase("ids that differ in case only: each is a record", LETTERS, LETTERS),
    RecordCase("ids that differ in Unicode form only: each is a record", ACCENTS, ACCENTS),
    RecordCase("nested 100 deep in a field that is not used", (_raw(_deep(100)),), (_raw('"x":1'),)),
    RecordCase("nested 100,000 deep", (_raw(_deep(100_000)),), (), _invalid()),
    RecordCase("a list where a record belongs", (json.dumps([CANARY]).encode(),), (), _invalid("id", None)),
    RecordCase("a text where a record belongs", (json.dumps(CANARY).encode(),), (), _invalid("id", None)),
    RecordCase("null where a record belongs", (b"null",), (), _invalid("id", None)),
)
"""Each is met among twelve honest records. A run that sets something aside ends `succeeded_with_warnings`."""


def _from(number: int, poison: Poison) -> Poison:
    """Honest on the first pages of a list, poisoned from the place of page `number` on."""
    return lambda asked: poison(asked) if asked.place >= number * PAGE else asked.honest


def _with(**envelope: object) -> Poison:
    return lambda asked: json.dumps({**json.loads(asked.honest), **envelope}).encode()


def _without(name: str) -> Poison:
    return lambda asked: json.dumps(
        {key: value for key, value in json.loads(asked.honest).items() if key != name}
    ).encode()


def _always(body: bytes) -> Poison:
    return lambda asked: body


def _more(records: Callable[[Asked], Sequence[bytes]]) -> Poison:
    """A token that was never given before, for ever."""
    return lambda asked: page(records(asked), f"t{asked.number}-{PAGE * 2}")


def _last_total(told: int) -> Poison:
    return lambda asked: _with(total_count=told)(asked) if b'"next_token": null' in asked.honest else asked.honest


HTML = f"<!doctype html><html><title>Just a moment</title><body>{CANARY}</body></html>".encode()
HONEST = tuple(item(f"g{number:02d}") for number in range(12))

PAGES = (
    PageCase("JSON that is cut short", _from(1, lambda asked: asked.honest[: len(asked.honest) // 2]), "answer_broken"),
    PageCase(
        "JSON that is cut between two records",
        _from(1, lambda asked: asked.honest.rpartition(b",{")[0]),
        "answer_broken",
    ),
    PageCase("an HTML page with status 200", _from(1, _always(HTML)), "answer_broken"),
    PageCase("an empty body with status 200", _from(1, _always(b"")), "answer_broken"),
    PageCase(
        "an error object with status 200", _from(1, _always(json.dumps({"error": CANARY}).encode())), "answer_broken"
    ),
    PageCase("no list of records", _from(1, _with(data=None)), "answer_broken"),
    PageCase("the page's own token again", _from(1, _with(next_token=f"page-{PAGE}")), "answer_broken"),
    PageCase(
        "tokens that go round in a circle",
        _from(2, _with(next_token=f"page-{PAGE}")),
        "answer_broken",
        most_requests=140,
    ),
    PageCase("a token that is no text", _from(1, _with(next_token=7)), "answer_broken"),
    PageCase("an envelope without a token", _from(2, _without("next_token")), "end_unproven"),
    PageCase("an empty page that was promised", _from(1, _always(page((), None))), "end_unproven"),
    PageCase(
        "more pages for ever, with the same records",
        _from(2, _more(lambda asked: HONEST[:PAGE])),
        "no_progress",
        most_requests=110,
        passes=False,
    ),
    PageCase(
        "more pages for ever, all empty",
        _from(1, _more(lambda asked: ())),
        "no_progress",
        most_requests=110,
        passes=False,
    ),
    PageCase("a total below the page's own records", _from(1, _with(total_count=1)), "answer_broken"),
    PageCase("a total that is no number", _from(1, _with(total_count="12")), "answer_broken"),
    PageCase("a total above all pages' records", _last_total(13), "end_unproven"),
    PageCase(
        "an empty list, well formed",
        _always(page((), None)),
        "deletions_held",
        TaskState.SUCCEEDED_WITH_WARNINGS,
        passes=False,
    ),
    PageCase(
        "half of the list, well formed",
        _from(0, _always(page(HONEST[:5], None))),
        "deletions_held",
        TaskState.SUCCEEDED_WITH_WARNINGS,
        passes=False,
    ),
    PageCase("NaN in the envelope, beside the records", _with(seconds=float("nan")), "", TaskState.SUCCEEDED),
)
"""Each is met by a store that already has the list's twelve records; none of them is ever deleted."""
