"""Planster's own reference in a purchase's note. The rest of a note is somebody's free text and is not kept."""

from __future__ import annotations

_MARK = "Planster reference:"


def note_of(reference: str) -> str:
    return f"{_MARK} {reference}"


def reference_in(note: str | None) -> str | None:
    """The reference on its line of the note; null where there is none."""
    lines = (line.strip() for line in (note or "").splitlines())
    return next((line.removeprefix(_MARK).strip() or None for line in lines if line.startswith(_MARK)), None)
