"""From an index in memory to the objects that hold it, and back."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator

from planster_sync.engine.index import Index
from planster_sync.engine.index_file import (
    SHEET_BYTES,
    IndexFile,
    Sheet,
    pack,
    sheet_name,
    sheets_of,
    unpack_index,
    unpack_sheet,
)
from planster_sync.engine.index_rows import Digest, Rows
from planster_sync.engine.index_shapes import Shapes


def objects_of(index: Index, name: str, run: str | None, sheet_bytes: int = SHEET_BYTES) -> Iterator[tuple[str, bytes]]:
    """The index as named objects, the head last; `run` keeps what that run has seen, for its next segment.

    From then on the index goes by the rows of these objects.
    """
    index.tidy()
    index.based = len(index.rows)
    sheets = sheets_of(_columns(index, index.rows.seen if run else array("H")), sheet_bytes)
    first = next(sheets)
    index.sheets = 1
    for number, sheet in enumerate(sheets, 1):
        index.sheets += 1
        yield sheet_name(name, number), pack(sheet)
    yield name, pack(_head(index, first, run))


def opened(get: Callable[[str], bytes | None], name: str, run: str, digest: Digest) -> Index | None:
    """The index that `name` holds; None where an object is lost, damaged or of another format."""
    content = get(name)
    head = unpack_index(content) if content else None
    if head is None:
        return None
    index = _index(head, digest)
    _add(index, head.first)
    for number in range(1, head.sheets):
        content = get(sheet_name(name, number))
        sheet = unpack_sheet(content) if content else None
        if sheet is None:
            return None
        _add(index, sheet)
    if head.run is not None and head.run == run:
        index.moments = head.moments
        index.seen = len(index.rows) - index.rows.seen.count(0)
    else:
        index.forget_seen()
    index.based = len(index.rows)
    return index


def _columns(index: Index, seen: array[int]) -> list[array[int] | bytearray]:
    rows, owners = index.rows, index.owners
    return [rows.raws, rows.prints, rows.spots, rows.which, seen, rows.heap, rows.table.cells, owners.table.cells]


def _head(index: Index, first: Sheet, run: str | None) -> IndexFile:
    rows = index.rows
    return IndexFile(
        header=index.header,
        sheets=index.sheets,
        first=first,
        used=rows.table.used,
        owners_used=index.owners.table.used,
        gone=rows.gone,
        waste=rows.waste,
        shapes=rows.shapes.known,
        standing=index.standing,
        edges=list(index.edges.items()),
        shared=list(index.shared.values()),
        run=run,
        moments=index.moments if run else [],
        needs_snapshot=index.needs_snapshot,
    )


def _index(head: IndexFile, digest: Digest) -> Index:
    """An index whose columns are still empty."""
    rows = Rows(digest)
    rows.shapes = Shapes(head.shapes)
    rows.which = array(rows.shapes.typecode)
    rows.gone, rows.waste, rows.table.used = head.gone, head.waste, head.used
    rows.table.cells = array("I")
    index = Index(head.header.generation, head.header.mapping, rows, needs_snapshot=head.needs_snapshot)
    index.owners.table.cells, index.owners.table.used = array("I"), head.owners_used
    index.standing, index.edges = head.standing, dict(head.edges)
    index.shared = {shared.key: shared for shared in head.shared}
    index.is_changed = head.run is not None
    index.sheets = head.sheets
    return index


def _add(index: Index, sheet: Sheet) -> None:
    for column, share in zip(_columns(index, index.rows.seen), sheet.columns, strict=True):
        if isinstance(column, bytearray):
            column.extend(share)
        else:
            column.frombytes(share)
