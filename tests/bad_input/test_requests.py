"""Whatever is wrong with a request, it is refused with a stable code and a sentence that says what to do."""

from __future__ import annotations

import re

import pytest

from tests.bad_input.requests import LINES, Case, Operation, asked, line_answered, matched, world
from tests.integration.api.caller import Api

NO_HELP = "Report this to Planster support"
API = Api(world())
"""Nothing of what is asked here changes anything."""


def is_a_sentence(remedy: str) -> bool:
    return re.fullmatch(r"[A-Z`][^\n]*\.", remedy) is not None and NO_HELP not in remedy


@pytest.mark.parametrize(
    ("case", "operation"), list(matched()), ids=lambda part: part.name if isinstance(part, Operation) else part.what
)
def test_a_bad_request_has_its_code_and_its_remedy(case: Case, operation: Operation) -> None:
    answer = asked(API, operation, case.request(operation))

    assert (answer.status, answer.body["code"]) == (case.status, case.code), answer.body
    assert is_a_sentence(answer.body["remedy"])
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(("what", "csv", "code"), LINES, ids=[what for what, _, _ in LINES])
def test_a_bad_line_has_its_code_and_its_remedy(what: str, csv: str, code: str) -> None:
    error = line_answered(API, csv)

    assert (error["line"], error["code"]) == (2, code), error
    assert is_a_sentence(error["remedy"])
