"""docs/bad-input.md says what the tests hold."""

from __future__ import annotations

from tests.bad_input.write_document import DOCUMENT, current


def test_the_table_of_bad_input_is_up_to_date() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == current(), "run: python -m tests.bad_input.write_document"
