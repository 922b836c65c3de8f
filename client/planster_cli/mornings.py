"""`planster freshness`: how often the data was there by six in the morning, and what was missed."""

from __future__ import annotations

from collections.abc import Iterator

import click
from rich.console import Group, RenderableType
from rich.text import Text

from planster_cli import names
from planster_cli.asking import Desk, desk
from planster_cli.exits import Exit
from planster_cli.tables import Fitting
from planster_cli.words import MOVE, listed, plain
from planster_client.answers import Freshness, MissedNight, Share


@click.command()
@names.integration(required=False)
@desk
def freshness(at: Desk, integration: str | None) -> int:
    """How often the data was there by six in the morning, local time: of the organisation, or of one INTEGRATION.

    Ends with 1 where less was there in the last 30 nights than was promised.
    """
    seen = at.organisation.freshness() if integration is None else at.integration(integration).freshness()
    at.answer(seen, Group(*_picture(seen)))
    share = seen.last_30_nights.share
    return Exit.BAD_OUTCOME if share is not None and share < seen.target else Exit.DONE


def _picture(seen: Freshness) -> Iterator[RenderableType]:
    yield Text(seen.sentence, style="bold")
    if seen.data_types:
        yield Text()
        yield Fitting(
            [
                {
                    "data type": plain(each.data_type),
                    "last 7 nights": _of(each.last_7_nights),
                    "last 30 nights": _of(each.last_30_nights),
                }
                for each in seen.data_types
            ],
            numbers=("last 7 nights", "last 30 nights"),
        )
    missed = _missed(seen)
    if missed:
        yield Text()
        yield Fitting([_row(name, each) for name, each in missed], wide="why", expendable=("integration",))


def _missed(seen: Freshness) -> list[tuple[str, MissedNight]]:
    """The newest first, each with the integration that it is about."""
    found = [(each.name, night) for each in (seen, *seen.integrations) for night in each.missed]
    return sorted(found, key=lambda pair: pair[1].night, reverse=True)


def _row(name: str, missed: MissedNight) -> dict[str, str | Text]:
    move = MOVE.get(missed.whose_move, plain(missed.whose_move))
    return {
        "morning": missed.night,
        "integration": name,
        "missing": listed(missed.data_types),
        "why": f"{missed.what} ({move})",
    }


def _of(share: Share) -> str:
    return f"{share.fresh} of {share.counted}"
