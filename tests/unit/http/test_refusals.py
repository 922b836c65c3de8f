"""A vendor's refusal as a planner reads it."""

from __future__ import annotations

import pytest

from planster_sync.http.refusals import LONGEST, refusal


def test_the_vendors_sentence_is_kept() -> None:
    assert refusal("SKU SOAP does not exist").what == "The warehouse system refused it: SKU SOAP does not exist."


def test_a_sentence_that_ends_is_not_ended_again() -> None:
    assert refusal("Not possible!").what.endswith("Not possible!")


@pytest.mark.parametrize("words", ["", "  \n\t", "\x00"])
def test_silence_is_told_as_such(words: str) -> None:
    assert refusal(words).what == "The warehouse system refused it without saying why."


def test_lines_and_control_characters_become_one_line() -> None:
    assert refusal("first\r\n second\x07third").what.endswith("it: first second third.")


def test_a_long_answer_is_cut() -> None:
    assert len(refusal("word " * 500).what) < LONGEST + 50


@pytest.mark.parametrize("secret", ["finch@example.test", "+44 7700 900123", "apikey=4f9c0d1e2b3a"])
def test_secrets_and_personal_data_do_not_pass(secret: str) -> None:
    assert secret not in refusal(f"Ask {secret} for help").what


def test_our_own_values_are_not_taken_for_telephone_numbers() -> None:
    what = refusal("SKU 447700900123 unknown, call 447700900999", ["447700900123"]).what

    assert "447700900123" in what
    assert "447700900999" not in what


def test_short_or_missing_values_of_ours_change_nothing() -> None:
    assert refusal("a b c", [None, "", "b"]).what == "The warehouse system refused it: a b c."
