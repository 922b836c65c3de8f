"""The commands: each shows what it would do, asks, does it, and shows what it did."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

import boto3
import click

from operations.dead_letters import SqsDeadLetters
from operations.desk import Desk, Line
from operations.indexes import Fingerprints, streams_of, told
from operations.redrive import Redrive
from operations.stack import DEAD_LETTERS, Stack
from operations.tables import WHICH
from operations.tasks import Rerun, Resend, cancel
from operations.telling import Exit, People, Program, Teller, speaking
from planster_sync.errors import Conflict
from planster_sync.model.data_types import DataType
from planster_sync.model.runs import Mode

F = TypeVar("F", bound=Callable[..., Any])
DATA_TYPES = click.Choice([data_type.value for data_type in DataType])


@dataclass(frozen=True)
class Terminal:
    """What the options before the command say."""

    stack: Stack
    teller: Teller

    @property
    def desk(self) -> Desk:
        return self.stack.desk


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--stack", envvar="STACK", required=True, help="The stack's name; STACK says it for all commands.")
@click.option("--yes", is_flag=True, help="Do it without asking.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document; takes --yes or --dry-run where it would ask.")
@click.pass_context
def operations(context: click.Context, stack: str, yes: bool, as_json: bool) -> None:
    """What operators do to a stack, with the AWS credentials of their own environment.

    Every command may be repeated: what is done already is told and left. docs/recovery.md says when to use which.
    """
    teller: Teller = Program(is_agreed=yes) if as_json else People(yes)
    context.obj = Terminal(Stack(stack, boto3.Session()), teller)


def _dry(command: F) -> F:
    return click.option("--dry-run", is_flag=True, help="Show what would be done, and do nothing.")(command)


def _run(command: F) -> F:
    for name in ("run", "integration", "organisation"):
        command = click.argument(name)(command)
    return command


@operations.command()
@click.argument("queue", type=click.Choice(list(DEAD_LETTERS)))
@click.option("--rate", default=2.0, show_default=True, help="Letters a second, at most.")
@click.option("--most", default=200, show_default=True, help="Letters, at most.")
@_dry
@click.pass_obj
def redrive(terminal: Terminal, queue: str, rate: float, most: int, dry_run: bool) -> None:
    """Send dead letters of the night or the manual QUEUE again, but for those whose work has ended or moved on."""
    with speaking(terminal.teller) as teller:
        letters = SqsDeadLetters(terminal.stack.sqs, terminal.stack.dead_letters_of(queue))
        again = Redrive(letters, terminal.desk, rate)
        seen = again.look(most)
        teller.show([each.line for each in seen])
        try:
            goes_on = not dry_run and bool(seen) and teller.agreed(f"Deal with {len(seen)} letters like this?")
        except BaseException:
            again.give_back(seen)
            raise
        if goes_on:
            teller.show(again.do(seen, teller.progress))
        else:
            again.give_back(seen)


@operations.command()
@_run
@click.option("--read", "reads", multiple=True, help="Only this task; the streams are called by their reads.")
@_dry
@click.pass_obj
def resend(
    terminal: Terminal,
    organisation: str,
    integration: str,
    run: str,
    reads: Sequence[str],
    dry_run: bool,
) -> None:
    """Send the messages of a run's open tasks again, where no worker has them."""
    with speaking(terminal.teller) as teller:
        again = Resend(terminal.desk, terminal.desk.run(organisation, integration, run))
        seen = again.look(reads)
        teller.show([line for _, _, line in seen])
        count = sum(message is not None for _, message, _ in seen)
        if count and not dry_run and teller.agreed(f"Send {count} messages?"):
            teller.show(again.do(seen))


@operations.command("cancel")
@_run
@click.pass_obj
def cancel_run(terminal: Terminal, organisation: str, integration: str, run: str) -> None:
    """Have a run end; what it stored stays."""
    with speaking(terminal.teller) as teller:
        found = terminal.desk.run(organisation, integration, run)
        if teller.agreed(f"Cancel run {run}, which is {found.status.value}?"):
            teller.show(cancel(terminal.desk, found, _operator()))


@operations.command("re-run")
@_run
@click.option("--data-type", "data_types", multiple=True, type=DATA_TYPES, help="Only this one.")
@click.option(
    "--mode",
    default="auto",
    show_default=True,
    type=click.Choice([mode.value for mode in Mode]),
    help="snapshot reads everything; refresh writes everything anew as well.",
)
@_dry
@click.pass_obj
def re_run(
    terminal: Terminal,
    organisation: str,
    integration: str,
    run: str,
    data_types: Sequence[str],
    mode: str,
    dry_run: bool,
) -> None:
    """Read now what a run, a night's for example, should have read."""
    with speaking(terminal.teller) as teller:
        found = terminal.desk.run(organisation, integration, run)
        again = Rerun(terminal.desk, found, Mode(mode), _operator())
        wanted = [DataType(each) for each in data_types]
        lines = again.look(wanted)
        teller.show(lines)
        if lines and not dry_run and teller.agreed(f"Start a run of {len(lines)} reads?"):
            teller.show(again.do(wanted))


@operations.command("rebuild-index")
@click.argument("organisation")
@click.argument("integration", required=False)
@click.option("--read", "reads", multiple=True, help="Only this stream.")
@_dry
@click.pass_obj
def rebuild_index(
    terminal: Terminal,
    organisation: str,
    integration: str | None,
    reads: Sequence[str],
    dry_run: bool,
) -> None:
    """Distrust the fingerprints of streams, so that the next sync rebuilds them from the table and the source."""
    with speaking(terminal.teller) as teller:
        chosen = _streams(terminal, organisation, integration, reads)
        teller.show([Line(str(each.stream.key), "would be distrusted", _costs(each)) for each in chosen])
        if chosen and not dry_run and teller.agreed(f"Have {len(chosen)} streams read from the start?"):
            lines = [_each(each, each.distrust) for each in chosen]
            teller.show(lines)
            _end_with(teller, lines)


@operations.command("check-index")
@click.argument("organisation")
@click.argument("integration", required=False)
@click.option("--read", "reads", multiple=True, help="Only this stream.")
@click.pass_obj
def check_index(terminal: Terminal, organisation: str, integration: str | None, reads: Sequence[str]) -> None:
    """Compare the fingerprints of streams with the table; it costs the read units of their live records."""
    with speaking(terminal.teller) as teller:
        chosen = _streams(terminal, organisation, integration, reads)
        lines = [_each(each, lambda each=each: told(each.stream.key, each.compare())) for each in chosen]  # type: ignore[misc]
        teller.show(lines)
        _end_with(teller, lines)


@operations.command()
@click.pass_obj
def stop(terminal: Terminal) -> None:
    """Bring the whole stack to rest: no tick, no message, no request. Messages wait."""
    with speaking(terminal.teller) as teller:
        timeout = terminal.desk.timings.function_timeout
        if teller.agreed(
            f"Stop {terminal.stack.name}? API and console answer 503 until `start`; it takes {timeout:g} s"
        ):
            teller.show(terminal.stack.halt.begin(timeout))


@operations.command()
@click.pass_obj
def start(terminal: Terminal) -> None:
    """Let a stopped stack go on."""
    with speaking(terminal.teller) as teller:
        if teller.agreed(f"Start {terminal.stack.name}?"):
            teller.show(terminal.stack.halt.end())


@operations.command("restore-table")
@click.argument("which", type=click.Choice(WHICH))
@click.option("--to", "target", required=True, help="The new table's name.")
@click.option("--at", "moment", type=click.DateTime(["%Y-%m-%dT%H:%M:%SZ"]), help="The moment, in UTC.")
@click.option("--backup", help="The ARN of an on-demand backup, in the place of a moment.")
@click.pass_obj
def restore_table(terminal: Terminal, which: str, target: str, moment: datetime | None, backup: str | None) -> None:
    """Restore a table beside the one that the stack uses, for somebody to look at."""
    with speaking(terminal.teller) as teller:
        source = terminal.stack.table(which)
        at = moment.replace(tzinfo=UTC) if moment else None
        if teller.agreed(f"Restore {source} as {target}?"):
            teller.show([terminal.stack.tables.restore(source, target, at=at, backup=backup)])


@operations.command("replace-table")
@click.argument("which", type=click.Choice(WHICH))
@click.option("--by", "new", required=True, help="The table whose content takes the place of the stack's.")
@click.pass_obj
def replace_table(terminal: Terminal, which: str, new: str) -> None:
    """Put a restored table in the place of the one that a stopped stack uses, under its name."""
    with speaking(terminal.teller) as teller:
        if not terminal.stack.halt.is_complete:
            raise Conflict("The stack is at work.", remedy="Bring it to rest first: `stop`.")
        there = terminal.stack.table(which)
        question = f"Back up {there} and {new}, delete {there} with its other moments, and restore {new} in its place?"
        if teller.agreed(question):
            teller.show(terminal.stack.tables.replace(there, new))


def _operator() -> str:
    """What a run says of who asked for it. CloudTrail knows better."""
    return f"operator {getpass.getuser()}"


def _streams(
    terminal: Terminal, organisation: str, integration: str | None, reads: Sequence[str]
) -> Sequence[Fingerprints]:
    if integration is not None:
        terminal.desk.integration(organisation, integration)
    found = streams_of(terminal.desk, organisation, integration)
    return [each for each in found if not reads or each.stream.key.read in reads]


def _costs(each: Fingerprints) -> str:
    live = sum(status.live for status in each.stream.data_types.values())
    return f"the next sync reads {live} records from the table, and the whole list from the source"


def _each(one: Fingerprints, do: Callable[[], Line]) -> Line:
    """A stream that is being read does not keep the others from it."""
    try:
        return do()
    except Conflict as refused:
        return Line(str(one.stream.key), "REFUSED", f"{refused.what} {refused.remedy}")


def _end_with(teller: Teller, lines: Sequence[Line]) -> None:
    if any(line.done.isupper() for line in lines):
        teller.finish()
        raise click.exceptions.Exit(Exit.BAD_OUTCOME)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and gives its exit code."""
    try:
        ended = operations.main(list(argv) if argv is not None else None, "operations", standalone_mode=False)
    except click.Abort:
        click.echo("Nothing was done.", err=True)
        return Exit.BAD_OUTCOME
    except click.ClickException as misused:
        misused.show()
        return Exit.USAGE
    return int(ended or Exit.DONE)
