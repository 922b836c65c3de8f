"""`planster webhooks`: addresses that are told what happened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

import click
from rich.console import RenderableType
from rich.text import Text

from planster_cli.asking import Desk, desk
from planster_cli.tables import table
from planster_cli.words import ago, until
from planster_client.answers import Delivery, Webhook

KINDS = click.Choice(("run.completed", "state.changed", "action.needed", "deletion.held"))


@click.group()
def webhooks() -> None:
    """Addresses that are told when a run has ended, a state has changed, or somebody has to act."""


@webhooks.command("list")
@desk
def show(at: Desk) -> None:
    """The webhooks of the organisation, and whether anything arrives."""
    found = at.organisation.webhooks()
    made = table("webhook", "address", "told about", "last arrived", "state", wide="state")
    for each in found.webhooks:
        made.add_row(
            each.id, each.url, ", ".join(each.kinds), ago(each.last_delivered_at, at.around.now()), _state(each)
        )
    at.answer(found, made if found.webhooks else Text("There is none."))


@webhooks.command()
@click.argument("url")
@click.option(
    "--kind", "kinds", type=KINDS, multiple=True, help="What it is told; repeat it for more. Else everything."
)
@desk
def add(at: Desk, url: str, kinds: Sequence[str]) -> None:
    """Tell URL, a public https address, from now on. The secret that signs is printed this once."""
    _with_secret(at, at.organisation.add_webhook(url, kinds))


@webhooks.command()
@click.argument("webhook")
@desk
def remove(at: Desk, webhook: str) -> None:
    """Tell it no more."""
    accepted = at.organisation.remove_webhook(webhook)
    at.answer(accepted, Text(accepted.message))


@webhooks.command()
@click.argument("webhook")
@desk
def rotate(at: Desk, webhook: str) -> None:
    """Make a new secret, printed this once; the one before stays valid for a while."""
    _with_secret(at, at.organisation.rotate_webhook_secret(webhook))


@webhooks.command()
@click.argument("webhook")
@desk
def resume(at: Desk, webhook: str) -> None:
    """Tell one again that was given up."""
    found = at.organisation.resume_webhook(webhook)
    at.answer(found, Text(found.sentence))


@webhooks.command()
@click.argument("webhook")
@desk
def test(at: Desk, webhook: str) -> None:
    """Send it one notice that means nothing."""
    sent = at.organisation.test_webhook(webhook)
    at.answer(sent, Text(f"{sent.id} is on its way: planster webhooks deliveries {webhook}"))


@webhooks.command()
@click.argument("webhook")
@click.option("--last", "count", type=click.IntRange(1, 1000), default=20, show_default=True, help="So many.")
@desk
def deliveries(at: Desk, webhook: str, count: int) -> None:
    """What was sent, newest first, and what came of it."""
    found = list(islice(at.organisation.webhook_deliveries(webhook, page=min(count, 100)), count))
    made = table("notice", "kind", "made", "tried", "answered", "state", numbers=("tried", "answered"), wide="state")
    for each in found:
        answered = str(each.status) if each.status else "-"
        tried = f"{each.attempt}"
        made.add_row(each.id, each.kind, ago(each.created_at, at.around.now()), tried, answered, _outcome(at, each))
    at.answers([each.document for each in found], made if found else Text("Nothing was sent."))


def _state(each: Webhook) -> Text:
    style = "green" if each.state == "active" and each.problem is None else "yellow"
    return Text(each.sentence, style=style)


def _outcome(at: Desk, each: Delivery) -> Text:
    again = f", again {until(each.next_try_at, at.around.now())}" if each.next_try_at else ""
    why = f": {each.problem.what}" if each.problem else ""
    return Text(f"{each.state}{again}{why}", style="yellow" if each.problem else "")


def _with_secret(at: Desk, made: Webhook) -> None:
    at.answer(made, *_secret(made))


def _secret(made: Webhook) -> Iterator[RenderableType]:
    yield Text(f"{made.id} is told: {', '.join(made.kinds)}.")
    yield Text.assemble("Its secret, shown this once: ", (made.secret or "", "bold"))
