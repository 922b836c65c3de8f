"""Commands that ask no API: they have a screen and a form of answer, and end as all others do."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import click

from planster_cli.asking import FORMS, Form, ended
from planster_cli.screen import Screen
from planster_cli.surroundings import Surroundings

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Near:
    around: Surroundings
    screen: Screen
    form: Form


def near(command: Command) -> Command:
    """Gives a command what it needs, and adds --json."""

    @click.option("--json", "form", flag_value="json", help="Answer in JSON.")
    @click.pass_obj
    @functools.wraps(command)
    def with_screen(around: Surroundings, /, *words: Any, form: str | None, **more: Any) -> int:
        screen = Screen.of(around)
        chosen = FORMS[form](screen)
        return ended(lambda: command(Near(around, screen, chosen), *words, **more), chosen)

    return with_screen  # type: ignore[return-value]  # click puts the words in
