"""Runs one command and ends as it ends. A command's module is loaded when it is the one that runs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

import click
from click.shell_completion import CompletionItem

from planster_cli.commands import COMMANDS, SECTIONS
from planster_cli.exits import Exit
from planster_cli.surroundings import Surroundings


class Commands(click.Group):
    """Knows its commands by name, and loads one when it is asked for."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        module, _, name = entry.place.partition(":")
        command: click.Command = getattr(import_module(f"planster_cli.{module}"), name)
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """From the list alone: to press a key must not load everything."""
        begun = {name: entry for name, entry in COMMANDS.items() if name.startswith(incomplete)}
        items = [CompletionItem(name, help=entry.summary) for name, entry in begun.items()]
        return [*items, *click.Command.shell_complete(self, ctx, incomplete)]

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, entries in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name, entry.summary) for name, entry in entries.items()], col_max=14)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="planster-sync", prog_name="planster")
def planster() -> None:
    """Planster Sync: what is fresh, what is wrong, and what to do about it.

    Begin with `planster target add` and `planster login`; then `planster status`. Every command has --help.
    """


def main(argv: Sequence[str] | None = None, surroundings: Surroundings | None = None) -> int:
    """Runs one command and gives its exit code, one of `exits.Exit`."""
    around = surroundings or Surroundings()
    try:
        ended = planster.main(
            None if argv is None else list(argv), prog_name="planster", standalone_mode=False, obj=around
        )
    except click.exceptions.NoArgsIsHelpError as helped:
        click.echo(helped.format_message(), file=around.err)
        return Exit.USAGE
    except click.ClickException as misuse:
        misuse.show(file=around.err)
        return Exit.USAGE
    except (click.Abort, KeyboardInterrupt):
        return Exit.INTERRUPTED
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        sys.stderr.close()
        return Exit.DONE
    return int(ended or Exit.DONE)
