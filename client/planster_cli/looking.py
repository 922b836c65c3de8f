"""`planster status`: an organisation at a glance, or one integration with its data types."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click
from rich.console import Group, RenderableType
from rich.live import Live

from planster_cli import names, status_pictures
from planster_cli.asking import Desk, desk
from planster_cli.exits import Exit
from planster_client.answers import Integration, StatusPage


@click.command()
@names.integration(required=False)
@click.option("--watch", "looks", flag_value=True, default=False, help="Keep looking; Ctrl-C ends it.")
@desk
def status(at: Desk, integration: str | None, looks: bool) -> int:
    """What is fresh, what is not, and whose move it is: of the organisation, or of one INTEGRATION.

    Ends with 1 where something is broken.
    """
    seen = _watched(at, integration) if looks else iter([_once(at, integration)])
    return _shown(at, seen)


def _once(at: Desk, integration: str | None) -> StatusPage | Integration:
    return at.organisation.status() if integration is None else at.integration(integration).status()


def _watched(at: Desk, integration: str | None) -> Iterable[StatusPage | Integration]:
    return at.organisation.watch() if integration is None else at.integration(integration).watch()


def _shown(at: Desk, seen: Iterable[StatusPage | Integration]) -> int:
    if at.is_for_people and at.screen.is_live:
        health = _live(at, iter(seen))
    else:
        health = "healthy"
        for each in seen:
            at.answer(each, picture(at, each))
            health = each.health
    return Exit.BAD_OUTCOME if health == "broken" else Exit.DONE


def _live(at: Desk, seen: Iterator[StatusPage | Integration]) -> str:
    """One picture that changes; each look draws it with the ages of that moment."""
    health = "healthy"
    with Live(console=at.screen.out, auto_refresh=False) as live:
        for each in seen:
            health = each.health
            live.update(picture(at, each), refresh=True)
    return health


def picture(at: Desk, seen: StatusPage | Integration) -> RenderableType:
    now = at.around.now()
    if isinstance(seen, StatusPage):
        return Group(*status_pictures.page(seen, now))
    return Group(*status_pictures.integration(seen, now))
