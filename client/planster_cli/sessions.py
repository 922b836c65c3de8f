"""The tokens of logins: one file below XDG_STATE_HOME that only its owner can read. Nothing prints what is in it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from planster_cli.failures import Misused
from planster_cli.surroundings import Surroundings
from planster_client.identity import Token

OWNER_ONLY = 0o600
FOLDER_MODE = 0o700


@dataclass(frozen=True, slots=True)
class Sessions:
    """By the target's name."""

    file: Path

    @classmethod
    def of(cls, surroundings: Surroundings) -> Sessions:
        return cls(surroundings.folder("XDG_STATE_HOME", ".local/state") / "sessions.json")

    def find(self, target: str) -> Token | None:
        entry = self._content().get(target)
        if entry is None:
            return None
        ends = entry.get("expires_at")
        ends_at = datetime.fromisoformat(ends) if ends else None
        return Token(entry["access_token"] or "", ends_at, entry.get("refresh_token"))

    def keep(self, target: str, token: Token) -> None:
        ends = token.expires_at.isoformat() if token.expires_at else None
        entry = {"access_token": token.access_token, "expires_at": ends, "refresh_token": token.refresh_token}
        self._write({**self._content(), target: entry})

    def end(self, target: str) -> bool:
        """Forgets the token; says whether there was one."""
        content = self._content()
        if target not in content:
            return False
        self._write({name: entry for name, entry in content.items() if name != target})
        return True

    def _content(self) -> dict[str, dict[str, str | None]]:
        try:
            found = json.loads(self.file.read_bytes())
        except FileNotFoundError:
            return {}
        except ValueError as error:
            raise Misused(f"{self.file} is not a file of sessions.", "Remove it and log in again.") from error
        return dict(found)

    def _write(self, content: Mapping[str, Mapping[str, str | None]]) -> None:
        """Beside it first, with the right mode from its first byte on; then in its place."""
        self.file.parent.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
        beside = self.file.with_suffix(f".{os.getpid()}")
        beside.unlink(missing_ok=True)
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "w") as opened:
            json.dump(content, opened)
        beside.replace(self.file)
