"""An integration's token as versions of one SSM SecureString, beside the integration's own secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from botocore.exceptions import ClientError

from planster_sync.aws.failures import busy_as_store_busy, code_of
from planster_sync.ports.tokens import Token

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

_MISSING = frozenset({"ParameterNotFound", "ParameterVersionNotFound"})
_BUSY = "The secret store is busy."
_decode = msgspec.json.Decoder(Token).decode


class SsmTokenVault:
    """SSM keeps the last hundred versions, and those over 4 KB in its advanced tier."""

    def __init__(self, client: SSMClient, prefix: str, organisation: str, integration: str) -> None:
        self._client = client
        self._name = f"{prefix.rstrip('/')}/{organisation}/{integration}/token"

    def at(self, version: int) -> Token | None:
        found = self._read(f"{self._name}:{version}")
        return None if found is None else found[1]

    def newest(self) -> tuple[int, Token] | None:
        return self._read(self._name)

    def write(self, token: Token) -> int:
        with busy_as_store_busy(_BUSY):
            answer = self._client.put_parameter(
                Name=self._name,
                Value=msgspec.json.encode(token).decode(),
                Type="SecureString",
                Tier="Intelligent-Tiering",
                Overwrite=True,
            )
        return answer["Version"]

    def _read(self, name: str) -> tuple[int, Token] | None:
        """A text that is no token counts as none: another is asked for and written over it."""
        try:
            with busy_as_store_busy(_BUSY):
                parameter = self._client.get_parameter(Name=name, WithDecryption=True)["Parameter"]
            return parameter["Version"], _decode(parameter["Value"])
        except msgspec.MsgspecError:
            return None
        except ClientError as error:
            if code_of(error) not in _MISSING:
                raise
            return None
