"""What every command that asks an API has: its target, its form of answer, and one way to end badly."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import click
from rich.console import RenderableType
from rich.text import Text

from planster_cli.exits import Exit
from planster_cli.failures import Misused
from planster_cli.renewing import renewed
from planster_cli.screen import Screen
from planster_cli.sessions import Sessions
from planster_cli.surroundings import Surroundings
from planster_cli.targets import Target, Targets
from planster_client import Bearer, OneIntegration, Organisation, Renewing, SignedForIam, Token, Transport
from planster_client.answers import Answer
from planster_client.problems import ClientError, NotLoggedIn, Problem, Refused, Unreachable

TOKEN = "PLANSTER_API_TOKEN"  # noqa: S105  the variable's name
TARGET = "PLANSTER_TARGET"
DATA_TYPES = (
    "inventory_levels", "products", "inbound_shipments", "inbound_shipment_suppliers", "orders", "order_channels",
    "order_shipments", "warehouses", "shipping_methods", "returns", "bills", "warehouse_customers",
    "warehouse_locations",
)  # fmt: skip
DataTypeName = click.Choice(DATA_TYPES)

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Form:
    """How an answer is put: as a picture, or as JSON."""

    screen: Screen

    def answer(self, _document: Any, *pictures: RenderableType) -> None:
        self.screen.show(*pictures)

    def document(self, _document: Any, text: str) -> None:
        """An answer that is a text already."""
        self.screen.out.file.write(text)

    def failure(self, failure: ClientError) -> None:
        console = self.screen.err
        console.print(Text.assemble(("planster: ", "bold red"), failure.what))
        for fault in failure.faults if isinstance(failure, Problem) else ():
            console.print(f"  {fault.where}: {fault.what}", markup=False)
        console.print(Text(failure.remedy))
        if isinstance(failure, Problem) and failure.status >= 500 and failure.request:
            console.print(f"Request {failure.request}: name it when you ask for help.", markup=False, style="dim")


class JsonForm(Form):
    """For programs: answers on the standard output, a failure's document on the standard error."""

    def answer(self, document: Any, *_pictures: RenderableType) -> None:
        self.screen.json(document)

    def document(self, document: Any, _text: str) -> None:
        self.screen.json(document)

    def failure(self, failure: ClientError) -> None:
        self.screen.err.file.write(json.dumps(failure.document(), ensure_ascii=False) + "\n")


FORMS: Mapping[str | None, type[Form]] = {None: Form, "json": JsonForm}


@dataclass(frozen=True, slots=True)
class Desk:
    """One command at work."""

    around: Surroundings
    screen: Screen
    form: Form
    target_name: str | None
    organisation_id: str | None

    @property
    def is_for_people(self) -> bool:
        return not isinstance(self.form, JsonForm)

    def answer(self, answer: Answer, *pictures: RenderableType) -> None:
        """Shows it whole as JSON, or as these pictures."""
        self.form.answer(answer.document, *pictures)

    def answers(self, found: Iterable[Any], *pictures: RenderableType) -> None:
        self.form.answer(list(found), *pictures)

    @property
    def organisation(self) -> Organisation:
        """Raises NotLoggedIn, Refused, or Misused, before anything is sent."""
        target = Targets.of(self.around).named(self.target_name or self.around.environment.get(TARGET))
        transport = Transport(target.url, self._proof(target), wait=self.around.wait)
        return Organisation(transport, self.organisation_id or target.organisation)

    def integration(self, name: str) -> OneIntegration:
        return self.organisation.integration(name)

    def _proof(self, target: Target) -> Bearer | Renewing | SignedForIam | None:
        given = self.around.environment.get(TOKEN)
        if given:
            return Bearer(Token(given), self.around.now)
        if target.proof == "none":
            return None
        if target.proof == "iam":
            return SignedForIam()
        token = Sessions.of(self.around).find(target.name)
        if token is None:
            raise NotLoggedIn(f"You are not logged in to {target.name}.", "Run `planster login`.")
        return Renewing(token, self.around.now, functools.partial(renewed, self.around, target))


def desk(command: Command) -> Command:
    """Gives a command its desk, adds --target, --organisation and --json, and ends with one of `Exit`."""

    @click.option(
        "--target", "target_name", metavar="NAME", help=f"Another target than the current one; also {TARGET}."
    )
    @click.option("--organisation", "organisation_id", metavar="ID", help="Another organisation than the target's.")
    @click.option("--json", "form", flag_value="json", help="Answer in JSON.")
    @click.pass_obj
    @functools.wraps(command)
    def at_desk(
        around: Surroundings,
        /,
        *words: Any,
        target_name: str | None,
        organisation_id: str | None,
        form: str | None,
        **more: Any,
    ) -> int:
        screen = Screen.of(around)
        chosen = FORMS[form](screen)
        at = Desk(around, screen, chosen, target_name, organisation_id)
        return ended(lambda: command(at, *words, **more), chosen)

    return at_desk  # type: ignore[return-value]  # click puts the words in


def ended(work: Callable[[], int | None], form: Form) -> int:
    """The code of what `work` did, or of the failure that it raised, which is told."""
    try:
        return int(work() or Exit.DONE)
    except ClientError as failure:
        form.failure(failure)
        return code_of(failure)
    except OSError as failure:
        if isinstance(failure, BrokenPipeError):
            raise
        form.failure(Misused(str(failure), "Check the file and its permissions."))
        return Exit.USAGE


def code_of(failure: ClientError) -> Exit:
    if isinstance(failure, Misused):
        return Exit.USAGE
    if isinstance(failure, NotLoggedIn):
        return Exit.NOT_LOGGED_IN
    if isinstance(failure, Unreachable) or (isinstance(failure, Problem) and failure.status >= 500):
        return Exit.UNREACHABLE
    if isinstance(failure, Problem | Refused):
        return Exit.REFUSED
    raise failure
