"""`planster target`: the APIs and organisations that a person works with."""

from __future__ import annotations

from typing import cast

import click
from rich.text import Text

from planster_cli.exits import Exit
from planster_cli.failures import Misused
from planster_cli.near import Near, near
from planster_cli.sessions import Sessions
from planster_cli.tables import table
from planster_cli.targets import PROOFS, Proof, Target, Targets
from planster_client.oidc import is_private


@click.group()
def target() -> None:
    """The APIs and organisations that you work with, by name."""


@target.command()
@click.argument("name")
@click.option("--url", required=True, help="The API: the stack's output ApiUrl.")
@click.option("--organisation", required=True, metavar="ID", help="The tenant.")
@click.option("--issuer", metavar="URL", help="The OpenID provider at which you log in.")
@click.option("--client-id", metavar="ID", help="How the provider knows this command.")
@click.option(
    "--proof",
    type=click.Choice(PROOFS),
    default="login",
    show_default=True,
    help="How requests prove who asks: with the token of a login, signed for AWS IAM, or not at all.",
)
@near
def add(at: Near, name: str, url: str, organisation: str, issuer: str | None, client_id: str | None, proof: str) -> int:
    """Add a target, or replace the one of that NAME; it is the current one from now on."""
    for address in (url, issuer):
        if address is not None and not is_private(address):
            raise Misused(f"{address} is no address for a token.", "Use https; http is for this machine only.")
    targets = Targets.of(at.around)
    before = targets.all().get(name)
    made = Target(name, url.rstrip("/"), organisation, cast(Proof, proof), issuer, client_id)
    if before is not None and (before.url, before.issuer) != (made.url, made.issuer):
        Sessions.of(at.around).end(name)  # its token was another API's
    targets.put(made)
    needs_login = proof == "login"
    hint = " Log in: planster login" if needs_login else ""
    at.form.answer({"current": name}, Text(f"{name} is the current target.{hint}"))
    return Exit.DONE


@target.command("list")
@near
def show(at: Near) -> None:
    """The targets, the current one with its mark."""
    targets = Targets.of(at.around)
    current, found = targets.current, targets.all()
    made = table("", "target", "organisation", "url", "proof")
    for each in found.values():
        made.add_row("▸" if each.name == current else "", each.name, each.organisation, each.url, each.proof)
    documents = [
        {"name": each.name, "url": each.url, "organisation": each.organisation, "proof": each.proof,
         "current": each.name == current}
        for each in found.values()
    ]  # fmt: skip
    at.form.answer(documents, made if found else Text("There is none yet: planster target add"))


@target.command()
@click.argument("name")
@near
def use(at: Near, name: str) -> None:
    """Make NAME the current target."""
    Targets.of(at.around).use(name)
    at.form.answer({"current": name}, Text(f"{name} is the current target."))


@target.command()
@click.argument("name")
@near
def remove(at: Near, name: str) -> None:
    """Forget a target and its session."""
    targets = Targets.of(at.around)
    targets.remove(name)
    Sessions.of(at.around).end(name)
    at.form.answer({"current": targets.current}, Text(f"{name} is forgotten."))
