"""A run while it lasts: moving bars on a terminal, a line for each news elsewhere, a line of JSON for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live

from planster_cli import run_pictures
from planster_cli.asking import Desk
from planster_cli.exits import Exit
from planster_client import OneIntegration
from planster_client.answers import Run

FRAMES = 8
"""A second, so that a bar without a known end is seen to move."""


def follow(at: Desk, place: OneIntegration, run: str) -> int:
    """0 where it succeeded, 1 where it failed or was cancelled."""
    shown = _as_json if not at.is_for_people else _as_bars if at.screen.is_live else _as_lines
    try:
        last = shown(at, place.follow(run))
    except KeyboardInterrupt:
        at.screen.note(f"The sync goes on. Look again: planster runs {place.id} {run} --follow")
        return Exit.INTERRUPTED
    if at.is_for_people:
        at.screen.show(*run_pictures.ended(last, at.around.now()))
    return Exit.DONE if last.is_good else Exit.BAD_OUTCOME


def _as_json(at: Desk, seen: Iterator[Run]) -> Run:
    def put(run: Run) -> None:
        at.answer(run)

    return _last(seen, put)


def _as_bars(at: Desk, seen: Iterator[Run]) -> Run:
    with Live(console=at.screen.out, refresh_per_second=FRAMES, transient=True) as live:
        return _last(seen, lambda run: live.update(_Bars(at, run)))


def _as_lines(at: Desk, seen: Iterator[Run]) -> Run:
    told: dict[str, str] = {}

    def put(run: Run) -> None:
        for task in run.tasks:
            line = run_pictures.line(task)
            if told.get(task.read) != line:
                told[task.read] = line
                at.screen.say(f"{at.around.now():%H:%M:%S}  {line}")

    return _last(seen, put)


def _last(seen: Iterator[Run], put: Callable[[Run], None]) -> Run:
    last: Run | None = None
    for last in seen:
        put(last)
    assert last is not None  # noqa: S101  a run that is followed is seen at least once
    return last


class _Bars:
    """Drawn anew for each frame: its stopwatch goes on between two answers."""

    def __init__(self, at: Desk, run: Run) -> None:
        self._at = at
        self._run = run

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield from run_pictures.moving(self._run, self._at.around.now(), options.max_width)
