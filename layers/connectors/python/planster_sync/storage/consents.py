"""Connections that wait for a vendor's code: a row each, found by its state alone, good for one use."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime

from planster_sync.ports.connecting import Consent
from planster_sync.ports.platform import Identity
from planster_sync.storage import keys as layout
from planster_sync.storage.keys import Key
from planster_sync.storage.rows import from_item, to_item
from planster_sync.storage.table import Change, Table


class DynamoConsents:
    """The state says where its row lies, so that the row is erased with its integration; only its digest is stored."""

    def __init__(self, control: Table, identity: Identity) -> None:
        self._table = control
        self._identity = identity

    def keep(self, consent: Consent) -> str:
        secret = f"{self._identity.new_id()}{self._identity.new_id()}"
        key = layout.consent_key(consent.organisation, consent.integration, secret)
        self._table.put({**key, **to_item(consent), "_expires": int(consent.expires_at.timestamp())})
        return ".".join((_packed(consent.organisation), _packed(consent.integration), secret))

    def find(self, state: str, now: datetime) -> Consent | None:
        key = _key(state)
        item = self._table.get(key) if key is not None else None
        consent = from_item(Consent, item) if item is not None and "taken_at" not in item else None
        return consent if consent is not None and consent.expires_at > now else None

    def take(self, state: str, now: datetime) -> Consent | None:
        key = _key(state)
        if key is None:
            return None
        change = Change(
            "attribute_exists(pk) AND attribute_not_exists(#taken_at) AND #expires_at > :now",
            sets={"taken_at": now},
            names={"expires_at": "expires_at"},
            values={"now": now},
        )
        outcome = self._table.change(key, change)
        return from_item(Consent, outcome.item) if outcome.accepted and outcome.item else None


def _packed(name: str) -> str:
    return urlsafe_b64encode(name.encode()).rstrip(b"=").decode()


def _key(state: str) -> Key | None:
    organisation, _, rest = state.partition(".")
    integration, _, secret = rest.partition(".")
    try:
        names = [urlsafe_b64decode(f"{each}{'=' * (-len(each) % 4)}").decode() for each in (organisation, integration)]
    except (binascii.Error, ValueError):
        return None
    return layout.consent_key(names[0], names[1], secret) if all(names) and secret else None
