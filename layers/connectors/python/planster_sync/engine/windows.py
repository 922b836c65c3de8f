"""Over which span of creation a data type's stored records reach: a running minimum and maximum, never read back.

Only what is mapped widens it, so that unchanged records cost nothing. It is known where it was kept from the first
record on; an account that was loaded without it has none until everything is mapped again.
"""

from __future__ import annotations

from dataclasses import replace

from planster_sync.model.data_types import DataType
from planster_sync.model.runs import Mode
from planster_sync.model.streams import Checkpoint, DataTypeStatus, DataWindow, Stream
from planster_sync.ports.source import Read


def unknown(read: Read) -> dict[DataType, DataWindow]:
    """The windows of a task that maps everything: they begin empty."""
    return {data_type: DataWindow() for data_type in read.feeds}


def known(read: Read, stream: Stream, mode: Mode) -> dict[DataType, DataWindow]:
    """The windows with which a task begins; a data type is left out where nothing can be said of its older records."""
    if stream.index is None or mode is Mode.REFRESH:
        return unknown(read)
    return {data_type: status.window for data_type, status in stream.data_types.items() if status.window is not None}


def kept(stream: Stream, checkpoint: Checkpoint) -> dict[DataType, DataTypeStatus]:
    """What a task that failed leaves on its stream's row: the old status, with the windows as far as they got."""
    found = dict(stream.data_types)
    for data_type, window in checkpoint.windows.items():
        found[data_type] = replace(found.get(data_type, DataTypeStatus()), window=window)
    return found
