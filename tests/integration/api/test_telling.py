"""Answers are written without pydantic and read of parts of rows: neither may show in what they say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec
import pytest
from pydantic import BaseModel, PlainSerializer
from pydantic.fields import FieldInfo

from planster_sync.connectors import registry
from planster_sync.entry.api.app import build_app
from planster_sync.entry.api.integrations import IntegrationRoutes
from planster_sync.entry.api.telling import told
from planster_sync.entry.api.views import Instant, StatusPage
from planster_sync.model.integrations import Integration
from planster_sync.model.record import instant_of
from planster_sync.model.streams import Stream, StreamStatus
from planster_sync.storage.rows import from_item, to_item
from tests.engine.world import World
from tests.integration.api.caller import Api, shop_of
from tests.integration.api.organisations import NOW, organisation

ORGANISATIONS = 25
Page = list[tuple[Integration, list[Any]]]


@dataclass(frozen=True)
class Fixed:
    """Stores of one page, and the moment at which it is looked at."""

    page: Page

    def now(self) -> datetime:
        return NOW

    def status_page(self, organisation: str) -> Page:
        return self.page


def answered(page: Page) -> StatusPage:
    stores = Fixed(page)
    shop = shop_of(World(), integrations=stores, clock=stores, capabilities=registry.capabilities)
    return IntegrationRoutes(shop).status_page("org1")


@pytest.mark.parametrize("seed", range(ORGANISATIONS))
def test_a_status_is_written_as_its_models_would_write_it(seed: int) -> None:
    page = answered(organisation(seed, "org1"))

    assert told(page) == msgspec.json.encode(page.model_dump(mode="json"))
    assert StatusPage.model_validate_json(told(page)) == StatusPage.model_validate(page.model_dump(mode="json"))


@pytest.mark.parametrize("seed", range(ORGANISATIONS))
def test_the_status_of_a_row_s_part_is_that_of_the_whole_row(seed: int) -> None:
    whole = organisation(seed, "org1")
    parts = [(integration, [_part(stream) for stream in streams]) for integration, streams in whole]

    assert answered(parts) == answered(whole)


def _part(stream: Stream) -> StreamStatus:
    return from_item(StreamStatus, to_item(stream))


def test_what_is_sent_over_http_is_that_text() -> None:
    world = World()
    world.source.order("o1")
    world.night()
    stored = world.stores.integrations.status_page("org1")
    shop = shop_of(world, integrations=world.stores.integrations)

    sent = Api(world).get("/v1/organisations/org1/status").body

    assert stored
    assert sent == msgspec.json.decode(told(IntegrationRoutes(shop).status_page("org1")))


def test_moments_stand_in_fields_of_their_own_in_every_answer() -> None:
    found = {model for model in _answers() for model in _within(model)}

    assert StatusPage in found
    assert not [f"{model.__name__}.{name}" for model in found for name in _hidden_moments(model)]


def test_every_moment_is_written_in_the_one_way_in_which_it_is_told() -> None:
    moments = [
        (f"{model.__name__}.{name}", field)
        for model in {model for kind in _answers() for model in _within(kind)}
        for name, field in model.model_fields.items()
        if datetime in _alternatives(field.annotation)
    ]

    assert len(moments) > 20
    assert [name for name, field in moments if not _is_instant(field)] == []


def _is_instant(field: FieldInfo) -> bool:
    own = any(isinstance(each, PlainSerializer) and each.func is instant_of for each in field.metadata)
    return own or field.annotation == Instant | None


def _answers() -> Iterator[Any]:
    """What each route is declared to answer."""
    app = build_app(shop_of(World()))
    for route in [*app._static_routes, *app._dynamic_routes]:
        if route.dependant.return_param is not None:
            yield route.dependant.return_param.type_


def _within(kind: Any) -> Iterator[type[BaseModel]]:
    """The models of which an annotation is made."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
        for field in kind.model_fields.values():
            yield from _within(field.annotation)
    for part in get_args(kind):
        yield from _within(part)


def _hidden_moments(model: type[BaseModel]) -> Iterator[str]:
    """Fields that hold moments in lists or maps."""
    for name, field in model.model_fields.items():
        if any(_holds_moments(part) for kind in _alternatives(field.annotation) for part in get_args(kind)):
            yield name


def _alternatives(kind: Any) -> Iterator[Any]:
    """What a value can be: the sides of a union, without their bounds."""
    if get_origin(kind) is Annotated:
        yield from _alternatives(get_args(kind)[0])
    elif get_origin(kind) in (Union, UnionType):
        for side in get_args(kind):
            yield from _alternatives(side)
    else:
        yield kind


def _holds_moments(kind: Any) -> bool:
    return kind is datetime or any(_holds_moments(part) for part in get_args(kind))


def test_a_moment_in_a_list_would_be_found() -> None:
    class Wrong(BaseModel):
        at: list[Instant] | None

    assert list(_hidden_moments(Wrong)) == ["at"]
