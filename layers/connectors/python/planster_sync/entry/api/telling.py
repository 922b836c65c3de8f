"""Answers as JSON, written in one pass over their models: pydantic's own way to JSON takes several times as long.

The text is the one that the models' schemas describe; models are validated when they are made, and never anew.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec
from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Route
from aws_lambda_powertools.event_handler.middlewares.openapi_validation import OpenAPIResponseValidationMiddleware
from pydantic import BaseModel

from planster_sync.model.record import instant_of


@cache
def _moments(kind: type[BaseModel]) -> tuple[str, ...]:
    """The fields of a model that may hold one."""
    return tuple(name for name, field in kind.model_fields.items() if datetime in _sides(field.annotation))


def _sides(kind: Any) -> tuple[Any, ...]:
    """A type without its bounds; of a union, of each side."""
    if get_origin(kind) is Annotated:
        return _sides(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        return tuple(one for side in get_args(kind) for one in _sides(side))
    return (kind,)


def _fields(part: Any) -> dict[str, Any]:
    """What a model holds, in its order, moments as texts."""
    if not isinstance(part, BaseModel):
        raise TypeError(f"{type(part).__name__} is no part of an answer")
    moments = _moments(type(part))
    if not moments:
        return part.__dict__
    fields = dict(part.__dict__)
    for name in moments:
        moment = fields[name]
        if moment is not None and moment.microsecond:  # others are written alike without our help
            fields[name] = instant_of(moment)
    return fields


told = msgspec.json.Encoder(enc_hook=_fields).encode
"""The JSON of a model. Moments have to stand in fields of their own: in a list they would get other digits."""


class ModelsAsTheyAre(OpenAPIResponseValidationMiddleware):
    """Stands where the framework validates and serializes answers: a model goes on as it is, for `told`."""

    def _handle_response(self, *, route: Route, response: Response[Any]) -> Response[Any]:
        if isinstance(response.body, BaseModel):
            return response
        checked: Response[Any] = super()._handle_response(route=route, response=response)
        return checked
