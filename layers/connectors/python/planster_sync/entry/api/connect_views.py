"""What is asked for when an account is connected, and what is answered; no answer holds a credential."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from planster_sync.entry.api.checking import CheckView
from planster_sync.entry.api.history import ALL, AskedHistory
from planster_sync.entry.api.views import Instant, View
from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import IntegrationStatus
from planster_sync.ports.connecting import Way

Filled = Annotated[dict[str, Any], Field(max_length=50, repr=False)]
Name = Annotated[str, Field(min_length=1, max_length=100)]
Zone = Annotated[str, Field(min_length=1, max_length=64, description="IANA time zone.")]
Hours = Annotated[
    list[Annotated[int, Field(ge=0, le=23)]], Field(min_length=1, max_length=24, description="Local hours.")
]
DataTypes = Annotated[dict[DataType, bool], Field(description="Which are synced; those that are left out are.")]


class _Wanted(BaseModel):
    model_config = ConfigDict(extra="forbid", defer_build=True)

    zone: Zone = "UTC"
    hours: Hours = [2]
    data_types: DataTypes = {}
    settings: Filled = {}
    history_from: AskedHistory = ALL


class ConnectRequest(_Wanted):
    """The form of a connector, filled in."""

    connector: str = Field(min_length=1, max_length=64)
    name: Name
    credentials: Filled


class ReconnectRequest(BaseModel):
    """New credentials of the same account."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    credentials: Filled


class BeginRequest(_Wanted):
    """A new integration's name and settings, or the integration that is connected again."""

    name: Name | None = None
    integration: Annotated[str, Field(min_length=1, max_length=128)] | None = None

    @model_validator(mode="after")
    def _says_which(self) -> Self:
        if (self.name is None) == (self.integration is None):
            raise ValueError("give the name of a new integration, or the integration that is connected again")
        return self


class CodeRequest(BaseModel):
    """What the vendor's dialogue gave."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    state: str = Field(min_length=1, max_length=1024, repr=False)
    auth_code: str = Field(min_length=1, max_length=4096, repr=False)


class ConnectorView(View):
    """How an account of one system is connected."""

    connector: str
    title: str
    ways: list[Way] = Field(description="`form`: type credentials; `oauth`, `link`: begin, and consent at the system.")
    data_types: list[DataType]
    credentials: dict[str, Any] = Field(description="JSON schema of the credentials that are typed.")
    secrets: list[str] = Field(description="Which of them must not be shown while they are typed.")
    settings: dict[str, Any] = Field(description="JSON schema of the settings.")
    history_of: list[DataType] = Field(description="The data types to which `history_from` applies; none where empty.")


class ConnectorList(View):
    """Every system of which accounts can be connected."""

    connectors: list[ConnectorView]


class ConnectedView(View):
    """An integration with its credentials stored: whether they work, and which run loads its data."""

    integration: str
    status: IntegrationStatus
    repeated: bool = Field(description="It was connected before; nothing was changed.")
    check: CheckView | None = Field(description="Null where the worker gave no answer in time: check again.")
    run: str | None = Field(description="The run that reads it now; null where none was started.")
    sentence: str


class BegunView(View):
    """Where a person consents."""

    way: Way
    address: str | None = Field(description="To be visited in a browser, with `oauth`; it leads back by itself.")
    link_token: str | None = Field(description="Opens the system's dialogue, with `link`.")
    state: str | None = Field(description="With `link`: goes back with the dialogue's code.")
    expires_at: Instant
