"""What somebody should do, and who: each reason once, with everything that it is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from planster_cli.words import MOVE, listed, plain, until
from planster_client.answers import Trouble

MANY = 4
"""More names than that are counted."""

About = tuple[Sequence[str], Trouble]


def what_to_do(found: Iterable[About], now: datetime) -> Iterator[RenderableType]:
    """A heading and a paragraph for each reason; nothing where nothing is wrong."""
    reasons: dict[tuple[str, str], tuple[list[str], Trouble]] = {}
    for names, trouble in found:
        reasons.setdefault((trouble.code, trouble.what), ([], trouble))[0].extend(names)
    if reasons:
        yield Text("\nWhat to do", style="bold")
    for names, trouble in reasons.values():
        yield Padding(_paragraph(list(dict.fromkeys(names)), trouble, now), (0, 0, 0, 2))


def _paragraph(names: Sequence[str], trouble: Trouble, now: datetime) -> Text:
    about = listed(names) if len(names) <= MANY else f"{listed(names[:MANY])} and {len(names) - MANY} more"
    again = f" It is tried again {until(trouble.retry_at, now)}." if trouble.retry_at else ""
    mover = MOVE.get(trouble.whose_move, plain(trouble.whose_move))
    return Text.assemble(
        (f"{about}: ", "bold"), f"{trouble.what}\n", ("→ ", "dim"), (f"{mover}: ", "bold"), trouble.remedy, again
    )
