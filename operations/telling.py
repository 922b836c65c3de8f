"""How commands speak: a table or one JSON document on standard output; questions, progress and problems beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from enum import IntEnum
from typing import Any, Protocol

import click
from botocore.exceptions import BotoCoreError, ClientError

from operations.desk import Line
from planster_sync.errors import InvalidRequest, RetrySoon, SyncError
from planster_sync.wire.endpoint import NoAnswer, Refused


class Exit(IntEnum):
    """As the `planster` command ends (docs/cli.md)."""

    DONE = 0
    BAD_OUTCOME = 1
    USAGE = 2
    REFUSED = 4
    UNREACHABLE = 5


class Teller(Protocol):
    """How one invocation of a command speaks."""

    def show(self, lines: Sequence[Line]) -> None: ...

    def agreed(self, question: str) -> bool: ...

    def progress(self, done: int, of: int) -> None: ...

    def finish(self) -> None: ...


@dataclass
class People:
    """For somebody at a terminal. `is_agreed`: they said so on the command line."""

    is_agreed: bool

    def show(self, lines: Sequence[Line]) -> None:
        rows = [tuple(asdict(line).values()) for line in lines]
        widths = [max((len(row[place]) for row in rows), default=0) for place in range(2)]
        for what, done, why in rows:
            click.echo(f"{what:<{widths[0]}}   {done:<{widths[1]}}   {why}".rstrip())
        if not rows:
            click.echo("Nothing.")

    def agreed(self, question: str) -> bool:
        return self.is_agreed or click.confirm(question, err=True)

    def progress(self, done: int, of: int) -> None:
        if done % 10 == 0 or done == of:
            click.echo(f"{done} of {of}", err=True)

    def finish(self) -> None:
        return None


class Program:
    """For a program: what was shown last is one document. A program is never asked: it says so beforehand."""

    def __init__(self, *, is_agreed: bool) -> None:
        self._is_agreed = is_agreed
        self._lines: Sequence[Line] = ()

    def show(self, lines: Sequence[Line]) -> None:
        self._lines = lines

    def agreed(self, question: str) -> bool:
        if not self._is_agreed:
            raise InvalidRequest(f"This has to be confirmed: {question}", remedy="Say --yes, or --dry-run.")
        return True

    def progress(self, done: int, of: int) -> None:
        """A program waits for the end."""
        del done, of

    def finish(self) -> None:
        click.echo(json.dumps({"lines": [asdict(line) for line in self._lines]}, indent=2))


@contextmanager
def speaking(teller: Teller) -> Iterator[Teller]:
    """Raises click's exit with the code of a problem, which is told."""
    try:
        yield teller
    except SyncError as error:
        problem(error.code, error.what, error.remedy)
        raise click.exceptions.Exit(_exit_of(error)) from None
    except (NoAnswer, Refused, ClientError, BotoCoreError) as error:
        problem("unreachable", f"AWS did not do it: {error}", "Check your permissions and the network, then ask again.")
        raise click.exceptions.Exit(Exit.UNREACHABLE) from None
    teller.finish()


def problem(code: str, what: str, remedy: str) -> None:
    told: Mapping[str, Any] = {"code": code, "what": what, "remedy": remedy}
    click.echo(json.dumps(told), err=True)


def _exit_of(error: SyncError) -> Exit:
    if isinstance(error, RetrySoon):
        return Exit.UNREACHABLE
    return Exit.USAGE if isinstance(error, InvalidRequest) else Exit.REFUSED
