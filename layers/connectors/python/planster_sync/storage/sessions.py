"""Sessions of the console, each in one row of the control table under the digest of its secret."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from planster_sync.ports.sessions import Session, SignIn
from planster_sync.storage import keys as layout
from planster_sync.storage.rows import from_item, to_item
from planster_sync.storage.table import Change, Table


class DynamoSessions:
    def __init__(self, control: Table) -> None:
        self._table = control

    def keep(self, secret: str, session: Session) -> None:
        self._table.put({**layout.session_key(secret), **to_item(session), **_expires(session.ends_at)})

    def find(self, secret: str) -> Session | None:
        item = self._table.get(layout.session_key(secret))
        return None if item is None else from_item(Session, item)

    def seen(self, secret: str, at: datetime) -> None:
        self._table.change(layout.session_key(secret), Change("attribute_exists(pk)", sets={"seen_at": at}))

    def end(self, secret: str) -> None:
        self._table.take(layout.session_key(secret))

    def begin(self, state: str, sign_in: SignIn) -> None:
        self._table.put({**layout.sign_in_key(state), **to_item(sign_in), **_expires(sign_in.ends_at)})

    def take(self, state: str) -> SignIn | None:
        item = self._table.take(layout.sign_in_key(state))
        return None if item is None else from_item(SignIn, item)


def _expires(at: datetime) -> dict[str, Any]:
    return {"_expires": int(at.timestamp())}
