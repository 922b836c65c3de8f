"""An integration's token as versions of one SSM SecureString, beside the integration's own secret."""

from __future__ import annotations

import msgspec

from planster_sync.aws.failures import Asking, Retries, code_of
from planster_sync.ports.tokens import Token
from planster_sync.wire.endpoint import Endpoint, Refused

_MISSING = frozenset({"ParameterNotFound", "ParameterVersionNotFound"})
_BUSY = "The secret store is busy."
_decode = msgspec.json.Decoder(Token).decode


class SsmTokenVault:
    """SSM keeps the last hundred versions, and those over 4 KB in its advanced tier."""

    def __init__(
        self, parameters: Endpoint, prefix: str, organisation: str, integration: str, retries: Retries
    ) -> None:
        self._asking = Asking(parameters, retries, _BUSY)
        self._name = f"{prefix.rstrip('/')}/{organisation}/{integration}/token"

    def at(self, version: int) -> Token | None:
        found = self._read(f"{self._name}:{version}")
        return None if found is None else found[1]

    def newest(self) -> tuple[int, Token] | None:
        return self._read(self._name)

    def write(self, token: Token) -> int:
        wanted = {
            "Name": self._name,
            "Value": msgspec.json.encode(token).decode(),
            "Type": "SecureString",
            "Tier": "Intelligent-Tiering",
            "Overwrite": True,
        }
        return int(self._asking.until_answered("PutParameter", wanted)["Version"])

    def _read(self, name: str) -> tuple[int, Token] | None:
        """A text that is no token counts as none: another is asked for and written over it."""
        try:
            answer = self._asking.until_answered("GetParameter", {"Name": name, "WithDecryption": True})
            return int(answer["Parameter"]["Version"]), _decode(answer["Parameter"]["Value"])
        except msgspec.MsgspecError:
            return None
        except Refused as refused:
            if code_of(refused) not in _MISSING:
                raise
            return None
