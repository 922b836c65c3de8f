"""What a page's form sends: fields as a browser encodes them, and its proof that it is a form of our own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from aws_lambda_powertools.event_handler import ApiGatewayResolver
from pydantic import BaseModel, ValidationError

from planster_sync.entry.console.origin import headers_of, origin_of
from planster_sync.errors import FieldsInvalid, FormRefused, InvalidRequest

FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 200
LONGEST_FORM = 1_000_000
"""In characters; as much as the API takes for a body."""

TOKEN = "form_token"  # noqa: S105 - the field's name
RELOAD = "Go back, load the page anew, and send it once more."

Asked = TypeVar("Asked", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Form:
    """Fields in the order in which they were sent."""

    fields: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, app: ApiGatewayResolver) -> Form:
        """The form in the request's body.

        Raises:
            InvalidRequest: it is none, or too long.
        """
        event = app.current_event
        kind = str(event.headers.get("content-type") or "").partition(";")[0].strip().lower()
        text = event.decoded_body or ""
        if text and kind != FORM:
            raise InvalidRequest("This is not a form.", remedy=RELOAD)
        if len(text) > LONGEST_FORM:
            raise InvalidRequest("The form is too long.", remedy="Send less at once; a million characters fit.")
        try:
            return cls(tuple(parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)))
        except ValueError as error:
            raise InvalidRequest("The form cannot be read.", remedy=RELOAD) from error

    def text(self, name: str) -> str:
        """The field without spaces around it; empty where it was not sent."""
        return next((value.strip() for key, value in self.fields if key == name), "")

    def texts(self, name: str) -> list[str]:
        """Every value of a field that may be ticked more than once."""
        return [value.strip() for key, value in self.fields if key == name]


def prove_own(event: Mapping[str, Any], form: Form, token: str) -> None:
    """Lets a form through that one of our pages sent for this very session.

    Raises:
        FormRefused: another site sent it, or the session has changed.
    """
    if headers_of(event).get("origin") != origin_of(event):
        raise FormRefused("The form was sent by another site.")
    if not compare_digest(form.text(TOKEN).encode(), token.encode()):
        raise FormRefused("The form belongs to a session that has ended.")


def filled(model: type[Asked], values: Mapping[str, Any]) -> Asked:
    """What a form asks for, in the API's own model.

    Raises:
        FieldsInvalid: a field does not hold what it should; names each.
    """
    try:
        return model.model_validate(dict(values))
    except ValidationError as wrong:
        faults = {
            ".".join(str(step) for step in each["loc"]): each["msg"] for each in wrong.errors(include_input=False)
        }
        raise FieldsInvalid(faults) from wrong
