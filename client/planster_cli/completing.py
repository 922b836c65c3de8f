"""`planster completion`: what a shell has to know to complete commands, options and integrations."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from planster_cli.main import planster
from planster_cli.surroundings import Surroundings

SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_PLANSTER_COMPLETE"


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_obj
def completion(around: Surroundings, shell: str) -> None:
    """The completion script for bash, zsh or fish: `eval "$(planster completion bash)"` in its start file."""
    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101  for the type checker: SHELLS are click's own
    around.out.write(kind(planster, {}, "planster", VARIABLE).source() + "\n")
