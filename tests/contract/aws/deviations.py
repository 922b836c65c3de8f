"""Where a backend is known to differ from AWS: each is asserted, so that a change of it is noticed.

A rule is a sentence that a test of this folder names; the value is what the backend does instead. For conditions the
rule is the condition itself. moto runs in this process, so that its own mistakes come through as crashes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

Outcome = TypeVar("Outcome")

ACCEPTED = "accepted"
FAILED = "ConditionalCheckFailedException"
INVALID = "ValidationException"
CRASHED = "crashed with ValueError"

SIMULATED: Mapping[str, object] = {
    # The list of 573 words lives in moto and in the emulator, on which every expression of the product runs too.
    "an update with a reserved word is refused": ACCEPTED,
}

MOTO: Mapping[str, object] = {
    # Numbers are kept as the text that was sent, and their limits are not all looked at.
    "numbers are trimmed": ["2.50", "1E3", "0.0", "-0", "007", "12E-4", "-5"],
    "the number 111111 is refused": ACCEPTED,
    "the number 1E126 is refused": ACCEPTED,
    # An item is measured as JSON, which is a little more than DynamoDB counts.
    "400 KB are kept": INVALID,
    # Keys of indexes are checked in part only.
    "a number as a key of an index is refused": ACCEPTED,
    "a number as a key of an index is refused in a batch": ACCEPTED,
    "an update with an empty key of an index is refused": ACCEPTED,
    "an update with a number as a key of an index is refused": ACCEPTED,
    "an update with a part of what is no map is refused": ACCEPTED,
    "an update with an undefined name is refused": "crashed with KeyError",
    # A missing attribute equals NULL. What cannot be read or compared ends in an error of its own.
    "gone = :null": ACCEPTED,
    "digits > :one": "crashed with TypeError",
    "size(gone) = :one": CRASHED,
    "one": CRASHED,
    "one =": CRASHED,
    "one = :one AND": CRASHED,
    "one == :one": CRASHED,
    "one = :one one = :one": CRASHED,
    "(one = :one": CRASHED,
    "_one = :one": FAILED,
    "unknown_function(one)": CRASHED,
    "attribute_exists(:one)": CRASHED,
    "one IN ()": CRASHED,
    "AND one = :one": CRASHED,
    # Queries look further than AWS does, and check less.
    "a full page is not known to be the last": False,
    "a question with a number for a text key is refused": ACCEPTED,
    "a question with an unused value is refused": ACCEPTED,
    "a question with a limit of none is refused": "crashed with IndexError",
    "a question with an index that is not there is refused": "ResourceNotFoundException",
    "a question with a filter on a bare name that begins with an underscore is refused": ACCEPTED,
    # Batches: no limit, no look at doubles of different kinds, and item after item instead of all or nothing.
    "a batch with 26 writes is refused": ACCEPTED,
    "a batch with no writes is refused": ACCEPTED,
    "a batch with a put and a delete of the same key is refused": ACCEPTED,
    "a refused batch writes nothing": [1],
    # S3 deletes any number at once.
    "1001 deletions are refused": ACCEPTED,
    # SQS: a message that was given back may be hidden again.
    "a dead message says where it came from": False,
    "a visible message cannot be hidden": ACCEPTED,
    "a deleted message cannot be hidden": "ReceiptHandleIsInvalid",
}

EMULATOR: Mapping[str, object] = {
    # The grammar is read more generously.
    "begins_with(one, :w)": INVALID,
    "_one = :one": FAILED,
    "unknown_function(one)": FAILED,
    "an update with a sum with text is refused": ACCEPTED,
    "an update with the same path twice is refused": ACCEPTED,
    "an update with a path within a path is refused": ACCEPTED,
    "an update with the same clause twice is refused": ACCEPTED,
    "an update with a bare name that begins with an underscore is refused": ACCEPTED,
    "an update with a clause without an end is refused": ACCEPTED,
    "a question with a filter on a bare name that begins with an underscore is refused": ACCEPTED,
    "1001 deletions are refused": ACCEPTED,
    # SQS forgets a receipt with its message, and takes any delay.
    "nothing is hidden for longer than 12 hours": ACCEPTED,
    "a visible message cannot be hidden": ACCEPTED,
    "a message may be deleted again": "ReceiptHandleIsInvalid",
    "a deleted message cannot be hidden": "ReceiptHandleIsInvalid",
    "one bad entry fails alone": list[str](),
}

DEVIATIONS = {"simulated": SIMULATED, "moto": MOTO, "emulator": EMULATOR}


def on(backend: str, rule: str, aws: Outcome) -> Outcome:
    """What to expect of a backend: what AWS does, or its known deviation."""
    expected: Outcome = DEVIATIONS[backend].get(rule, aws)  # type: ignore[assignment]  # of the same kind, by hand
    return expected
