"""Answers as JSON, written in one pass over their models: pydantic's own way to JSON takes several times as long.

The text is the one that the models' schemas describe; models are validated when they are made, and never anew.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Route
from aws_lambda_powertools.event_handler.middlewares.openapi_validation import OpenAPIResponseValidationMiddleware
from pydantic import BaseModel

from planster_sync.model.record import instant_of


def _fields(part: Any) -> dict[str, Any]:
    """What a model holds, in its order, moments as texts."""
    if not isinstance(part, BaseModel):
        raise TypeError(f"{type(part).__name__} is no part of an answer")
    return {name: instant_of(value) if type(value) is datetime else value for name, value in part.__dict__.items()}


told = msgspec.json.Encoder(enc_hook=_fields).encode
"""The JSON of a model. Moments have to stand in fields of their own: in a list they would get other digits."""


class ModelsAsTheyAre(OpenAPIResponseValidationMiddleware):
    """Stands where the framework validates and serializes answers: a model goes on as it is, for `told`."""

    def _handle_response(self, *, route: Route, response: Response[Any]) -> Response[Any]:
        if isinstance(response.body, BaseModel):
            return response
        checked: Response[Any] = super()._handle_response(route=route, response=response)
        return checked
