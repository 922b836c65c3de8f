"""`planster connect` and `planster reconnect`: an account's form filled in, or its consent waited for."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import click
from rich.console import RenderableType
from rich.text import Text

from planster_cli import checking, consenting, filling, names
from planster_cli.asking import DataTypeName, Desk, desk
from planster_cli.exits import Exit
from planster_cli.failures import Misused
from planster_cli.following import follow
from planster_cli.setting import Day
from planster_client.answers import Connected, Connector

WAYS = ("oauth", "form", "link")
"""What is tried first; a form where credentials are given."""

Command = Callable[..., Any]
_FILE = "Credentials as JSON, - for standard input; else from the environment, or asked for."


def _by(command: Command) -> Command:
    """The options that both commands have."""
    for option in (
        click.option(
            "--follow", "is_followed", is_flag=True, help="Show how far the first load is, until it has ended."
        ),
        click.option("--browser", "opens", is_flag=True, help="Open the address of a consent in a browser."),
        click.option("--way", type=click.Choice(WAYS), help="How, where there are several ways."),
        click.option("--credentials", "file", metavar="FILE", help=_FILE),
    ):
        command = option(command)
    return command


@click.command()
@click.argument("connector")
@click.option("--name", required=True, help="What planners call it.")
@click.option("--zone", help="IANA time zone of its nights, as Europe/Berlin; else UTC.")
@click.option("--hour", "hours", type=click.IntRange(0, 23), multiple=True, help="Local hour at which it is synced.")
@click.option("--off", type=DataTypeName, multiple=True, metavar="DATA_TYPE", help="Do not sync this data type.")
@click.option(
    "--history-from",
    type=Day(),
    metavar="DAY",
    help="First day of creation (UTC) to read, where the system can tell; all of it otherwise.",
)
@click.option("--set", "given", multiple=True, metavar="NAME=VALUE", help="A setting of the connector.")
@_by
@desk
def connect(
    at: Desk,
    connector: str,
    name: str,
    given: Sequence[str],
    file: str | None,
    way: str | None,
    is_followed: bool,
    opens: bool,
    **wanted: Any,
) -> int:
    """Connect an account of CONNECTOR: store its credentials, check them, and load its data.

    Asks for what the connector needs; secrets are not shown while they are typed, and are never words of the command
    line. Scripts give them as a JSON file, on the standard input, or as PLANSTER_CREDENTIAL_<FIELD>. Ends with 0 where
    the connection works, 1 where something does not, 6 where nobody consented yet or the check gave no answer.
    """
    found = _connector(at, connector)
    asked = {**_asked(**wanted), "settings": filling.settings(at, found, given, file)}
    chosen = _way(at, found, way, file)
    if chosen == "form":
        filled = filling.credentials(at, found, file)
        return _told(at, at.organisation.connect(connector, name, filled, **asked), is_followed)
    before = consenting.stand(at, consenting.named(at, connector, name))
    begun = at.organisation.begin(connector, name=name, **asked)
    if chosen == "link":
        return _linked(at, found, begun, is_followed)
    _lead(at, begun.address or "", opens)
    ended = consenting.awaited(at, begun, before, lambda: consenting.named(at, connector, name))
    return _consented(at, ended, is_followed)


@click.command()
@names.integration()
@_by
@desk
def reconnect(at: Desk, integration: str, file: str | None, way: str | None, is_followed: bool, opens: bool) -> int:
    """Give INTEGRATION new credentials of the same account; its id, history and checkpoints stay.

    Credentials are given as with `connect`.
    """
    place = at.integration(integration)
    status = place.status()
    found = _connector(at, status.connector)
    chosen = _way(at, found, way, file)
    if chosen == "form":
        return _told(at, place.reconnect(filling.credentials(at, found, file)), is_followed)
    before = consenting.stand(at, status)
    begun = at.organisation.begin(found.connector, integration=integration)
    if chosen == "link":
        return _linked(at, found, begun, is_followed)
    _lead(at, begun.address or "", opens)
    return _consented(at, consenting.awaited(at, begun, before, place.status), is_followed)


def _connector(at: Desk, name: str) -> Connector:
    """Raises Misused where there is none of that name."""
    known = {each.connector: each for each in at.organisation.connectors().connectors}
    if name not in known:
        raise Misused(f"There is no connector {name}.", f"Use one of: {', '.join(known)}.")
    return known[name]


def _way(at: Desk, connector: Connector, named: str | None, file: str | None) -> str:
    """Raises Misused where the connector has no such way."""
    if named is not None and named not in connector.ways:
        raise Misused(f"{connector.title} is not connected by {named}.", f"Use {' or '.join(connector.ways)}.")
    is_given = filling.is_given(at, file) and "form" in connector.ways
    first = "form" if is_given else next(way for way in WAYS if way in connector.ways)
    return named or first


def _asked(zone: str | None, hours: Sequence[int], off: Sequence[str], history_from: str | None) -> dict[str, Any]:
    """What is not named is left to the API."""
    named = {"zone": zone, "hours": sorted(set(hours)), "history_from": history_from}
    return {"data_types": dict.fromkeys(off, False), **{name: value for name, value in named.items() if value}}


def _lead(at: Desk, address: str, opens: bool) -> None:
    at.screen.err.print("Consent at", markup=False)
    at.screen.err.print(address, markup=False, soft_wrap=True)
    if opens:
        webbrowser.open(address)


def _linked(at: Desk, connector: Connector, begun: Any, is_followed: bool) -> int:
    """The token that opens the system's dialogue, then the code that it ended with."""
    at.screen.err.print("Open the dialogue with the link token", markup=False)
    at.screen.err.print(begun.link_token, markup=False, soft_wrap=True)
    prompt = "The code that it ended with: "
    code = at.around.hidden(prompt) if at.around.input.isatty() else at.around.input.readline()
    if not code.strip():
        raise Misused("There is no code.", "Type the code with which the dialogue ended, or write it to the input.")
    return _told(at, at.organisation.exchange(connector.connector, begun.state, code.strip()), is_followed)


def _told(at: Desk, connected: Connected, is_followed: bool) -> int:
    at.answer(connected, *_pictures(at, connected))
    if is_followed and connected.run:
        return follow(at, at.integration(connected.integration), connected.run)
    if connected.repeated:
        return Exit.DONE
    if connected.check is None:
        return Exit.UNFINISHED
    return Exit.DONE if connected.check.works else Exit.BAD_OUTCOME


def _pictures(at: Desk, connected: Connected) -> Iterator[RenderableType]:
    yield Text.assemble((f"{connected.integration}: ", "bold"), connected.sentence)
    if connected.check is not None:
        yield from checking.pictures(connected.check, at.around.now())
    if connected.status == "needs_reauth":
        yield Text.assemble(("Correct them: ", "dim"), f"planster reconnect {connected.integration}")
    elif connected.run:
        yield Text.assemble(("Follow it: ", "dim"), f"planster runs {connected.integration} {connected.run} --follow")


def _consented(at: Desk, ended: consenting.Ended | None, is_followed: bool) -> int:
    """What came of a consent: the connection is checked from here, for the vendor's way back told the browser only."""
    if ended is None:
        at.screen.err.print("Nobody has consented yet. The address is void; begin again.", markup=False)
        return Exit.UNFINISHED
    place = at.integration(ended.integration)
    found = place.check()
    at.answer(
        found,
        Text.assemble((f"{ended.integration}: ", "bold"), "connected."),
        *checking.pictures(found, at.around.now()),
    )
    if is_followed and ended.run:
        return follow(at, place, ended.run)
    return Exit.DONE if found.works else Exit.BAD_OUTCOME
