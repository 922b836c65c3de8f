"""With which code a command ends: one list for all commands, for scripts to go by."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum


class Exit(IntEnum):
    DONE = 0
    BAD_OUTCOME = 1
    USAGE = 2
    NOT_LOGGED_IN = 3
    REFUSED = 4
    UNREACHABLE = 5
    UNFINISHED = 6
    INTERRUPTED = 130


MEANINGS: Mapping[Exit, str] = {
    Exit.DONE: "It was done, and what was asked about is well.",
    Exit.BAD_OUTCOME: "It was done, and the outcome is bad: an integration is broken, a sync failed or was cancelled, "
    "a record differs from its source, a connection does not work or its credentials are refused, a line or a draft is "
    "wrong, a record was set aside.",
    Exit.USAGE: "The command line, a file or a setting of this machine is wrong; nothing was sent.",
    Exit.NOT_LOGGED_IN: "There is no session, or it has ended: `planster login`.",
    Exit.REFUSED: "The API or the issuer says no; the reason and what to do are printed.",
    Exit.UNREACHABLE: "No usable answer: no network, a wrong address, or a fault on the other side. Try again later.",
    Exit.UNFINISHED: "It was accepted and has not ended yet.",
    Exit.INTERRUPTED: "Ctrl-C. A sync that was being followed goes on.",
}
