"""The list of commands, and how each ends. A command's module is loaded when it is the one that runs."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import NamedTuple

import click

from planster_cli.exits import Exit
from planster_cli.surroundings import Surroundings


class Entry(NamedTuple):
    """Where a command is, and what the list says of it."""

    place: str
    summary: str


SECTIONS: Mapping[str, Mapping[str, Entry]] = {
    "Look": {
        "status": Entry("looking:status", "what is fresh, what is not, and whose move it is"),
        "runs": Entry("running:runs", "the history of syncs; one of them with its tasks"),
        "verify": Entry("verifying:verify", "stored records beside what the source says now"),
        "check": Entry("checking:check", "do the credentials work, and may they read everything?"),
        "export": Entry("exporting:export", "records as CSV or NDJSON"),
        "quarantine": Entry("quarantine:quarantine", "source records that were set aside, and why"),
    },
    "Act": {
        "sync": Entry("syncing:sync", "sync now; --follow shows how far it is"),
        "cancel": Entry("running:cancel", "stop a run"),
        "adjust": Entry("adjusting:adjust", "correct records by hand, one or a CSV of them"),
        "held": Entry("deciding:held", "deletions that wait for a person: list, approve, reject"),
        "settings": Entry("setting:settings", "hours, zone, data types; show or change them"),
        "pause": Entry("setting:pause", "sync nothing until it is resumed"),
        "resume": Entry("setting:resume", "go on after a pause"),
        "write": Entry("writing:write", "create or change an inbound shipment"),
    },
    "Set up": {
        "target": Entry("aiming:target", "the APIs and organisations that you work with"),
        "login": Entry("entering:login", "begin a session"),
        "logout": Entry("entering:logout", "forget the session"),
        "completion": Entry("completing:completion", "the script that completes commands in your shell"),
    },
    "Without an account": {
        "connectors": Entry("offline.reference:connectors", "what the connectors offer"),
        "map": Entry("offline.mapping:map_files", "turn a vendor's pages into unified records"),
        "check-draft": Entry("offline.drafts:check_draft", "check an inbound shipment against a connector's rules"),
        "model": Entry("offline.reference:model", "the fields of every record, as docs/data-model.md"),
        "cost": Entry("offline.reference:cost", "what the service costs on AWS in a month"),
    },
}
COMMANDS: Mapping[str, Entry] = {name: entry for each in SECTIONS.values() for name, entry in each.items()}


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
