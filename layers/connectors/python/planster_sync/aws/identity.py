"""Ids that nobody can guess."""

from __future__ import annotations

import secrets

BYTES = 12


class RandomIdentity:
    def new_id(self) -> str:
        """96 random bits as 16 URL-safe characters."""
        return secrets.token_urlsafe(BYTES)
