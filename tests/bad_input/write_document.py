"""docs/bad-input.md from the table of cases; `python -m tests.bad_input.write_document` writes it."""

from __future__ import annotations

from pathlib import Path

from tests.bad_input import requests
from tests.bad_input.cases import PAGES, RECORDS

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "bad-input.md"

HEAD = """\
# Bad input

What a vendor or a caller may send, and what becomes of it. Each row is a test (`tests/bad_input`): a vendor's bytes
travel over real HTTP through connector and engine into DynamoDB's tables. `python -m tests.bad_input.write_document`
wrote this.

Codes are explained in [errors.md](errors.md). Whatever comes, no record is deleted on its word, every honest record
stays stored and up to date, the counts add up (fetched = created + updated + unchanged + quarantined), and neither the
log, nor the status, nor the quarantine repeats the content of what was set aside.
"""

RECORD_HEAD = """
## One record among honest ones

The rest of its page goes on. A task that sets records aside ends `succeeded_with_warnings` with `records_quarantined`;
the record heals by itself when the source corrects it.

| what comes | outcome |
| --- | --- |
"""

PAGE_HEAD = """
## A page

Met night after night, at a store that has the whole list. What is retryable is tried again after a pause, up to
`MaxStalls` times without headway; met once, it is overcome in the same run.

| what comes | the task's end |
| --- | --- |
"""

TAIL = """
A list that shows new records for ever cannot be told from a very large one: what it shows is stored, and the run ends
with `no_progress` after `MaxHops` segments. A list that shows nothing new for more than 100 pages in a row ends with
`no_progress` at once.
"""


REQUEST_HEAD = """
## A request to the API

Asked of every operation that takes such a part, or of the one that is named. `errors` of the answer name the place. A
bad line of CSV is told among the `errors` of the answer; nothing of the file is applied then.

| what comes | operation | status | code | what to do |
| --- | --- | --- | --- | --- |
"""


def current() -> str:
    """The document that the cases make."""
    records = "".join(f"| {case.what} | {case.outcome} |\n" for case in RECORDS)
    pages = "".join(f"| {case.what} | {case.outcome} |\n" for case in PAGES)
    asked = "".join(
        f"| {what} | {where} | {status} | `{code}` | {remedy} |\n"
        for what, where, status, code, remedy in requests.told()
    )
    return HEAD + RECORD_HEAD + records + PAGE_HEAD + pages + TAIL + REQUEST_HEAD + asked


if __name__ == "__main__":
    DOCUMENT.write_text(current(), encoding="utf-8")
