"""Arguments that many commands share, with completion from the API where a session is there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import click
from click.shell_completion import CompletionItem

from planster_cli.asking import Desk, Form
from planster_cli.screen import Screen
from planster_cli.surroundings import Surroundings
from planster_client.problems import ClientError


def _integrations(context: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Nothing where nobody is logged in: a completion must not complain."""
    around = context.find_object(Surroundings) or Surroundings()
    screen = Screen.of(around)
    try:
        page = Desk(around, screen, Form(screen), context.params.get("target_name"), None).organisation.status()
    except (ClientError, OSError):
        return []
    return [CompletionItem(each.id, help=each.name) for each in page.integrations if each.id.startswith(begun)]


def integration(**more: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The argument INTEGRATION."""
    return click.argument("integration", shell_complete=_integrations, **more)


def listed(names: Sequence[str]) -> str:
    return ", ".join(name.replace("_", " ") for name in names)
