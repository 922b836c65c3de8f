"""A vendor's refusal of a change, made fit for a planner: its own sentence, short, on one line, without secrets."""

from __future__ import annotations

import re
from collections.abc import Iterable

from planster_sync.errors import WriteRefused
from planster_sync.http.redaction import redact

LONGEST = 300
_SHORTEST_OWN = 3


def refusal(words: str, own: Iterable[str | None] = ()) -> WriteRefused:
    """The vendor's words as an error.

    `own` are values that we sent ourselves (SKUs, the reference): a number among them is no telephone number, so that
    the sentence still names what is wrong.
    """
    text = " ".join("".join(letter if letter.isprintable() else " " for letter in words).split())
    said = _redacted(text, own)
    said = said if len(said) <= LONGEST else said[: LONGEST - 1].rstrip() + "…"
    if not said:
        return WriteRefused("The warehouse system refused it without saying why.")
    return WriteRefused(f"The warehouse system refused it: {said}{'' if said[-1] in '.!?…' else '.'}")


def _redacted(text: str, own: Iterable[str | None]) -> str:
    kept = sorted({each for each in own if each and len(each) >= _SHORTEST_OWN}, key=len, reverse=True)
    if not kept:
        return redact(text)
    pieces = re.split(f"({'|'.join(map(re.escape, kept))})", text)
    return "".join(piece if piece in kept else redact(piece) for piece in pieces)
