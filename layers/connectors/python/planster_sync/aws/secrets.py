"""Credentials of integrations: an SSM SecureString each, or a Secrets Manager secret where its ARN is given."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

from planster_sync.aws.failures import Asking, Retries, code_of
from planster_sync.errors import CredentialsRejected
from planster_sync.model.integrations import Integration
from planster_sync.ports.platform import Clock
from planster_sync.wire.endpoint import Endpoint, Refused

KEPT = timedelta(minutes=5)
_MISSING = frozenset({"ParameterNotFound", "ParameterVersionNotFound", "ResourceNotFoundException"})
_BUSY = "The secret store is busy."


class AwsSecrets:
    """Kept in memory for five minutes, so that a chain of segments does not ask each time.

    `parameters` is SSM; `secrets_in` gives Secrets Manager in a region, for secrets that are named by their ARN.
    A path outside of the organisation's own part of `prefix` is refused: settings of one tenant never read another's.
    """

    def __init__(
        self,
        parameters: Endpoint,
        secrets_in: Callable[[str], Endpoint],
        prefix: str,
        clock: Clock,
        retries: Retries,
    ) -> None:
        self._parameters = Asking(parameters, retries, _BUSY)
        self._secrets_in = secrets_in
        self._retries = retries
        self._prefix = prefix.rstrip("/")
        self._clock = clock
        self._kept: dict[str, tuple[datetime, Mapping[str, Any]]] = {}

    def read(self, integration: Integration) -> Mapping[str, Any]:
        """The integration's credentials.

        Raises:
            CredentialsRejected: there are none, they are no JSON object, or they are another organisation's.
            StoreBusy: the secret store is throttled.
        """
        name = integration.secret or self.path(integration.organisation, integration.id)
        until, credentials = self._kept.get(name, (None, {}))
        if until is None or until <= self._clock.now():
            credentials = _credentials(self._text(integration, name))
            self._kept[name] = (self._clock.now() + KEPT, credentials)
        return deepcopy(credentials)

    def forget(self, integration: Integration) -> None:
        """Has the next `read` ask the secret store, whatever is kept in memory."""
        self._kept.pop(integration.secret or self.path(integration.organisation, integration.id), None)

    def were_replaced(self, integration: Integration, used: Mapping[str, Any]) -> bool:
        """Whether other credentials than these are stored by now, whatever is kept in memory.

        Raises:
            CredentialsRejected, StoreBusy: as `read`.
        """
        self.forget(integration)
        return self.read(integration) != used

    def erase(self, integration: Integration, kept: Collection[str | None]) -> int:
        """Removes the integration's credentials and its token, but for a secret that is among `kept`; gives how many.

        A secret that is not one of its organisation's is left alone.

        Raises:
            StoreBusy: the secret store is throttled.
        """
        own = self.path(integration.organisation, integration.id)
        names = dict.fromkeys(name for name in (own, f"{own}/token", integration.secret) if name and name not in kept)
        for name in names:
            self._kept.pop(name, None)
        return sum(self._erased(integration, name) for name in names)

    def _erased(self, integration: Integration, name: str) -> bool:
        if not self._is_own(integration, name):
            return False
        try:
            if name.startswith("arn:"):
                secrets = Asking(self._secrets_in(name.split(":")[3]), self._retries, _BUSY)
                secrets.until_answered("DeleteSecret", {"SecretId": name, "ForceDeleteWithoutRecovery": True})
            else:
                self._parameters.until_answered("DeleteParameter", {"Name": name})
        except Refused as refused:
            if code_of(refused) not in _MISSING:
                raise
            return False
        return True

    def _is_own(self, integration: Integration, name: str) -> bool:
        own = f"{self._prefix}/{integration.organisation}/"
        return f":secret:{own.lstrip('/')}" in name if name.startswith("arn:") else name.startswith(own)

    def path(self, organisation: str, integration: str) -> str:
        """Where an integration's credentials lie unless it names another place."""
        return f"{self._prefix}/{organisation}/{integration}"

    def _text(self, integration: Integration, name: str) -> str:
        if not self._is_own(integration, name):
            raise CredentialsRejected("The integration's secret is not one of its organisation's.")
        try:
            return self._secret(name) if name.startswith("arn:") else self._parameter(name)
        except Refused as refused:
            if code_of(refused) not in _MISSING:
                raise
            raise CredentialsRejected("There are no credentials for this integration.") from refused

    def _parameter(self, name: str) -> str:
        answer = self._parameters.until_answered("GetParameter", {"Name": name, "WithDecryption": True})
        return str(answer["Parameter"]["Value"])

    def _secret(self, arn: str) -> str:
        secrets = Asking(self._secrets_in(arn.split(":")[3]), self._retries, _BUSY)
        return str(secrets.until_answered("GetSecretValue", {"SecretId": arn})["SecretString"])


def _credentials(text: str) -> Mapping[str, Any]:
    try:
        credentials = json.loads(text)
    except ValueError:
        credentials = None
    if not isinstance(credentials, dict):
        # Without a cause: a parser's message would quote the secret.
        raise CredentialsRejected("The stored credentials are not a JSON object.") from None
    return credentials
