"""`python -m planster_cli.manual`: the generated part of docs/cli.md, from what the commands themselves say."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from planster_cli.commands import SECTIONS
from planster_cli.exits import MEANINGS
from planster_cli.main import planster


def text() -> str:
    """Commands by section with an example each and their options, then the exit codes."""
    return "\n".join((*_commands(), *_exits())) + "\n"


def _commands() -> Iterator[str]:
    context = click.Context(planster, info_name="planster")
    for title, entries in SECTIONS.items():
        yield from (f"## {title}", "", "| command | what it does | options |", "| --- | --- | --- |")
        for name in entries:
            command = planster.get_command(context, name)
            assert command is not None  # noqa: S101  for the type checker: the list is of commands that are there
            yield from _rows(command, click.Context(command, info_name=name, parent=context))
        yield from ("", *(f"    {entry.example}" for entry in entries.values()), "")


def _rows(command: click.Command, context: click.Context) -> Iterator[str]:
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None  # noqa: S101  as above
            yield from _rows(inner, click.Context(inner, info_name=name, parent=context))
        return
    usage = " ".join(each for each in command.collect_usage_pieces(context) if each != "[OPTIONS]")
    path = context.command_path.removeprefix("planster ")
    named = [each.opts[0] for each in command.params if isinstance(each, click.Option)]
    common = _COMMON if "--target" in named else {"--json"}
    options = " ".join(f"`{name}`" for name in named if name not in common)
    summary = (command.help or "").split("\n\n")[0].replace("\n", " ").replace("|", "/")
    call = f"{path} {usage}".strip().replace("|", "/")
    yield f"| `{call}` | {summary} | {options} |"


def _exits() -> Iterator[str]:
    yield from ("## Exit codes", "", "| code | meaning |", "| --- | --- |")
    for code, meaning in MEANINGS.items():
        yield f"| {code.value} | {meaning} |"


_COMMON = frozenset({"--json", "--target", "--organisation"})
"""Told once for all commands."""

if __name__ == "__main__":
    sys.stdout.write(text())
