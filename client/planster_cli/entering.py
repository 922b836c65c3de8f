"""`planster login` and `logout`: a session with the current target. No token is ever printed."""

from __future__ import annotations

import webbrowser
from collections.abc import Mapping
from datetime import datetime

import click
from rich.text import Text

from planster_cli.failures import Misused
from planster_cli.loopback import Door
from planster_cli.near import Near, near
from planster_cli.sessions import Sessions
from planster_cli.targets import Target, Targets
from planster_cli.words import until
from planster_client.identity import Token
from planster_client.oidc import Challenge, Issuer, ends_at

CLIENT_ID, CLIENT_SECRET = "PLANSTER_CLIENT_ID", "PLANSTER_CLIENT_SECRET"
PATIENCE = 300.0
"""Seconds for a person to log in."""


@click.command()
@click.option("--target", "name", metavar="NAME", help="Another target than the current one.")
@click.option("--browser", "opens", flag_value="browser", help="Open the address in a browser.")
@click.option(
    "--client-credentials", "opens", flag_value="machine", help=f"For machines: {CLIENT_ID} and {CLIENT_SECRET}."
)
@click.option("--token-stdin", "opens", flag_value="token", help="Read a token from the standard input.")
@near
def login(at: Near, name: str | None, opens: str | None) -> None:
    """Begin a session: prints the address at which you log in, and waits until you have.

    The token is kept in a file that only you can read.
    """
    target = Targets.of(at.around).named(name)
    if opens == "token":
        token = _given(at)
    elif opens == "machine":
        token = _for_machine(at, target)
    else:
        token = _for_person(at, target, opens)
    Sessions.of(at.around).keep(target.name, token)
    ends = token.expires_at
    _tell(at, target.name, ends)


@click.command()
@click.option("--target", "name", metavar="NAME", help="Another target than the current one.")
@near
def logout(at: Near, name: str | None) -> None:
    """Forget the session of the current target."""
    target = Targets.of(at.around).named(name)
    was_there = Sessions.of(at.around).end(target.name)
    words = "The session is forgotten." if was_there else "There was no session."
    at.form.answer({"target": target.name, "ended": was_there}, Text(words))


def _tell(at: Near, name: str, ends: datetime | None) -> None:
    words = f" The session ends {until(ends, at.around.now())}." if ends else ""
    document = {"target": name, "expires_at": ends.isoformat() if ends else None}
    at.form.answer(document, Text(f"Logged in to {name}.{words}"))


def _given(at: Near) -> Token:
    told = at.around.input.read().strip()
    if not told or any(letter.isspace() for letter in told):
        raise Misused("The standard input holds no token.", "Write the token, and nothing else.")
    return Token(told, ends_at(told))


def _for_machine(at: Near, target: Target) -> Token:
    known = [at.around.environment.get(each, "") for each in (CLIENT_ID, CLIENT_SECRET)]
    if not all(known):
        raise Misused("There is no client.", f"Put its id and its secret into {CLIENT_ID} and {CLIENT_SECRET}.")
    return Issuer.found_at(_issuer(target), at.around.now).for_machine(*known)


def _for_person(at: Near, target: Target, opens: str | None) -> Token:
    name = _issuer(target)
    if not target.client_id:
        raise Misused(f"The target {target.name} has no client id.", "Add it anew with --client-id.")
    issuer, challenge = Issuer.found_at(name, at.around.now), Challenge.fresh()
    with Door.open() as door:
        address = issuer.address(target.client_id, door.address, challenge)
        at.screen.err.print("Log in at", markup=False)
        at.screen.err.print(address, markup=False, soft_wrap=True)
        if opens == "browser":
            webbrowser.open(address)
        answer: Mapping[str, str] = door.wait(PATIENCE)
        return issuer.redeem(target.client_id, door.address, challenge, answer)


def _issuer(target: Target) -> str:
    if not target.issuer:
        raise Misused(
            f"The target {target.name} has no issuer.", "Add it anew with --issuer, or give a token: --token-stdin."
        )
    return target.issuer
