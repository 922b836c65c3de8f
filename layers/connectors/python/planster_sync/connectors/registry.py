"""The connectors by name. A vendor's code is imported when it is asked for, so that nobody pays for the others.

A vendor's folder offers `capabilities.CAPABILITIES`, `mapper.mapper_of(settings)` and
`client.connect(account, credentials, settings)`, and `linking.linker_of(open_client, registration)` where it declares a
link; asking for the capabilities loads no HTTP and no mapper.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, cast

from planster_sync.errors import AskCustomer, CredentialsRejected, SettingsInvalid
from planster_sync.ports.connecting import Linker
from planster_sync.ports.source import Capabilities, Connector, Mapped, SourceRecord

if TYPE_CHECKING:
    from pydantic import BaseModel

    from planster_sync.http.account import Account
    from planster_sync.http.authorization import Open

_VENDORS = (
    "cin7_core",
    "deposco",
    "extensiv",
    "ongoing",
    "shipbob",
    "shiphero",
    "trackstar",
)
"""The connectors, by the names of their folders."""


class Mapper(Protocol):
    """What a connector knows without an account: cutting an answer's body into records, and mapping one."""

    def cut(self, body: bytes) -> Sequence[SourceRecord]:
        """The records of a page, or the one record of a single answer.

        Raises:
            AnswerBroken: it is neither.
        """
        ...

    def map(self, read: str, raw: bytes) -> Mapped:
        """As `Connector.map`."""
        ...


def names() -> tuple[str, ...]:
    """Every connector, in alphabetical order."""
    return tuple(sorted(_VENDORS))


def capabilities(name: str) -> Capabilities:
    """What a connector can do.

    Raises:
        SettingsInvalid: there is no such connector.
    """
    return cast(Capabilities, _part(name, "capabilities").CAPABILITIES)


def mapper(name: str, settings: Mapping[str, Any]) -> Mapper:
    """The connector's mapping alone, under the settings of an integration.

    Raises:
        SettingsInvalid: there is no such connector, or the settings do not fit.
    """
    return cast(Mapper, _part(name, "mapper").mapper_of(_settings(name, settings)))


def build(name: str, account: Account) -> Connector:
    """The connector, ready to read one account.

    Raises:
        SettingsInvalid: there is no such connector, or the settings do not fit.
        CredentialsRejected: a credential is missing or has the wrong form.
    """
    credentials = _filled(capabilities(name).credentials, account.credentials, CredentialsRejected, "credentials")
    return cast(Connector, _part(name, "client").connect(account, credentials, _settings(name, account.settings)))


def linker(name: str, open_client: Open, registration: Mapping[str, Any]) -> Linker:
    """The vendor's own dialogue, for a connector that declares `Way.LINK`.

    Raises:
        SettingsInvalid: there is no such connector, or the registration lacks a part.
    """
    return cast(Linker, _part(name, "linking").linker_of(open_client, registration))


def _part(name: str, module: str) -> Any:
    if name not in _VENDORS:
        raise SettingsInvalid(f"There is no connector named {name!r}.", remedy=f"Use one of: {', '.join(names())}.")
    return import_module(f"planster_sync.connectors.{name}.{module}")


def _settings(name: str, values: Mapping[str, Any]) -> BaseModel:
    return _filled(capabilities(name).settings, values, SettingsInvalid, "settings")


def _filled(form: type[BaseModel], values: Mapping[str, Any], error: type[AskCustomer], what: str) -> BaseModel:
    from pydantic import ValidationError  # noqa: PLC0415 - whoever only asks for a name need not load it

    try:
        return form.model_validate(dict(values))
    except ValidationError as misfit:
        fields = sorted({".".join(str(step) for step in each["loc"]) for each in misfit.errors(include_input=False)})
        raise error(
            f"The integration's {what} are incomplete or wrong: {', '.join(fields)}.",
            remedy=f"Correct these {what}: {', '.join(fields)}.",
        ) from None
