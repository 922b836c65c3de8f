"""The vendor's error bodies: .NET types with PascalCase names, whatever the Accept header says."""

from __future__ import annotations

from collections.abc import Sequence

from simulators.serving.exchange import Answer, Refusal, refusal, told


def _typed(kind: str, code: str, **more: object) -> dict[str, object]:
    return {"$type": f"ThreePlCentral.Api.{kind}, ThreePlCentral.Api", "ErrorCode": code, **more}


def bad_parameter(name: str, hint: str, code: str = "NotParsable") -> Refusal:
    return refusal(400, _typed("QueryParameterException", code, Parameters=[name], Hint=hint))


def bad_model(code: str, *properties: str, value: object = None) -> Refusal:
    """What is wrong with a model that was sent; `properties` are the names of what does not fit."""
    told = [{"Name": name, "Value": value} for name in properties]
    return refusal(400, _typed("ModelValidationException", code, ModelType="Receiver", Properties=told, Hint=None))


def bad_operation(code: str, action: str) -> Refusal:
    return refusal(403, _typed("OperationException", code, ActionNameType=1, ActionName=action, Hint=None))


def not_permitted(roles: Sequence[str]) -> Refusal:
    return refusal(403, _typed("AuthorizationException", "Unauthorized", Hint=f"Needs {', '.join(roles)}"))


def message(status: int, words: str) -> Refusal:
    return refusal(status, {"Message": words})


def plain(status: int, words: str) -> Answer:
    """Failures of the server itself are plain text."""
    return Answer(status, words.encode(), content_type="text/plain")


def failed(status: int) -> Answer:
    """413, 429, 500 and 503."""
    return told({"Message": "Too many requests"}, status) if status == 429 else plain(status, "An error has occurred.")
