"""Tables as every command draws them: no lines but one below the names, numbers to the right."""

from __future__ import annotations

from collections.abc import Sequence

from rich.box import Box
from rich.table import Table

_LINE = Box("    \n    \n ── \n    \n    \n    \n    \n    \n")


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
