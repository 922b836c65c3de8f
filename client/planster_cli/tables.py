"""Tables as every command draws them: no lines but one below the names, numbers to the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.box import Box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

_LINE = Box("    \n    \n ── \n    \n    \n    \n    \n    \n")
_BETWEEN = 3
_WIDE = 24
"""What the column that is wrapped needs at least."""


def table(*names: str, numbers: Sequence[str] = (), wide: str | None = None) -> Table:
    """Columns in this order; `numbers` are set to the right, `wide` gets the room that is left and is wrapped."""
    made = Table(box=_LINE, pad_edge=False, header_style="dim", border_style="dim", show_edge=False)
    for name in names:
        is_wide = name == wide
        made.add_column(
            name,
            justify="right" if name in numbers else "left",
            no_wrap=not is_wide,
            ratio=1 if is_wide else None,
            overflow="fold" if is_wide else "ellipsis",
        )
    made.expand = wide is not None
    return made


@dataclass(frozen=True, slots=True)
class Fitting:
    """A table that leaves out columns, the `expendable` ones from the first on, where the terminal is too narrow."""

    rows: Sequence[Mapping[str, str | Text]]
    numbers: Sequence[str] = ()
    wide: str | None = None
    expendable: Sequence[str] = ()

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        names = list(self.rows[0]) if self.rows else []
        for each in self.expendable:
            if self._width(names) > options.max_width and each in names:
                names.remove(each)
        made = table(*names, numbers=self.numbers, wide=self.wide if self.wide in names else None)
        for row in self.rows:
            made.add_row(*(row[name] for name in names))
        yield made

    def _width(self, names: Sequence[str]) -> int:
        widest = [max(_len(each) for each in (name, *(row[name] for row in self.rows))) for name in names]
        told = [_WIDE if name == self.wide else width for name, width in zip(names, widest, strict=True)]
        return sum(told) + _BETWEEN * (len(names) - 1)


def _len(cell: str | Text) -> int:
    return cell.cell_len if isinstance(cell, Text) else cell_len(cell)
