"""Storing an integration's credentials as an SSM SecureString: PutParameter and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from planster_sync.aws.failures import Asking, Retries
from planster_sync.errors import InvalidRequest
from planster_sync.wire.endpoint import Endpoint

_BUSY = "The secret store is busy."
_PART = re.compile(r"[A-Za-z0-9_.-]+")
"""What SSM takes in a part of a parameter's name."""


class SsmSecretKeeper:
    """Whoever has this one needs no right to read secrets, and gets none back."""

    def __init__(self, parameters: Endpoint, prefix: str, retries: Retries) -> None:
        self._asking = Asking(parameters, retries, _BUSY)
        self._prefix = prefix.rstrip("/")

    def keep(self, organisation: str, integration: str, credentials: Mapping[str, Any]) -> None:
        if not (_PART.fullmatch(organisation) and _PART.fullmatch(integration)):
            raise InvalidRequest("No secret can be stored under this organisation's name.")
        wanted = {
            "Name": f"{self._prefix}/{organisation}/{integration}",
            "Value": json.dumps(dict(credentials)),
            "Type": "SecureString",
            "Tier": "Intelligent-Tiering",
            "Overwrite": True,
        }
        self._asking.until_answered("PutParameter", wanted)
