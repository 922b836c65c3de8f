"""Inbound shipments on the command line: a draft checked without any account, and requests to a deployed API.

Exit codes: 0 right, or accepted, or done; 2 bad usage; 4 the draft, the API or the warehouse system says no; 5 it has
not ended yet; 6 the API cannot be reached or is busy.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Container, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pydantic import ValidationError

from planster_sync.aws.clock import SystemClock
from planster_sync.connectors import registry
from planster_sync.engine import write_rules
from planster_sync.entry.write_forms import ChangeForm, ShipmentForm
from planster_sync.errors import FieldsInvalid, SettingsInvalid
from planster_sync.ports.source import WriteOperation
from planster_sync.ports.write_backs import WriteState
from planster_sync.wire.connecting import gateway_from, open_gateway_from
from planster_sync.wire.connection import Answer
from planster_sync.wire.endpoint import NoAnswer
from planster_sync.wire.gateway import Gateway

DONE, REFUSED, UNFINISHED, UNREACHED = 0, 4, 5, 6
TOKEN = "PLANSTER_API_TOKEN"  # noqa: S105  the variable's name
_OPERATIONS: Mapping[str, tuple[WriteOperation, Callable[[Any], write_rules.Content]]] = {
    "create": (WriteOperation.CREATE_INBOUND_SHIPMENT, lambda body: ShipmentForm.model_validate(body).draft()),
    "update": (WriteOperation.UPDATE_INBOUND_SHIPMENT, lambda body: ChangeForm.model_validate(body).change()),
}
_NOT_FAILED = frozenset(WriteState) - {WriteState.FAILED}
_ENDED_WELL = frozenset({WriteState.SUCCEEDED})


def add_commands(commands: Any) -> None:
    """Adds `check-draft` and `write` to the command's parser."""
    check = commands.add_parser("check-draft", help="check an inbound shipment against what a connector needs")
    check.add_argument("--connector", required=True, metavar="NAME")
    check.add_argument("--operation", choices=sorted(_OPERATIONS), default="create")
    check.add_argument("file", metavar="FILE", help="the body that the API takes, as JSON; - for standard input")
    check.set_defaults(run=_check)
    write = commands.add_parser("write", help="create or change an inbound shipment through a deployed API")
    actions = write.add_subparsers(required=True)
    create = _action(actions, "create", "ask for a shipment", _create)
    update = _action(actions, "update", "ask for a change of a shipment", _update)
    update.add_argument("--shipment", required=True, metavar="ID", help="the shipment's record id")
    for each in (create, update):
        each.add_argument("file", metavar="FILE", help="the body, as JSON; - for standard input")
    status = _action(actions, "status", "tell what became of a request", _status)
    status.add_argument("reference", metavar="REFERENCE")


def _action(actions: Any, name: str, what: str, run: Any) -> argparse.ArgumentParser:
    action: argparse.ArgumentParser = actions.add_parser(name, help=what)
    action.add_argument("--api", required=True, metavar="URL", help="the stack's output ApiUrl")
    action.add_argument("--organisation", required=True, metavar="ID")
    action.add_argument("--integration", required=True, metavar="ID")
    action.add_argument(
        "--auth", choices=["iam", "token", "none"], default="iam", help=f"token: in the variable {TOKEN}"
    )
    action.set_defaults(run=run)
    return action


def _check(asked: argparse.Namespace) -> int:
    operation, content_of = _OPERATIONS[asked.operation]
    try:
        write_rules.check(content_of(_document(asked.file)), registry.capabilities(asked.connector), operation)
    except ValidationError as misfit:
        wrong = {".".join(map(str, each["loc"])): each["msg"] for each in misfit.errors(include_input=False)}
        return _say_no(wrong)
    except FieldsInvalid as refusal:
        return _say_no(refusal.fields)
    print("The connector can be asked for this.")
    return DONE


def _say_no(problems: dict[str, str]) -> int:
    for field, what in problems.items():
        print(f"{field}: {what}" if field else what, file=sys.stderr)
    return REFUSED


def _create(asked: argparse.Namespace) -> int:
    return _told(asked, "POST", "inbound-shipments", _NOT_FAILED, _document(asked.file))


def _update(asked: argparse.Namespace) -> int:
    place = f"inbound-shipments/{quote(asked.shipment, safe='')}"
    return _told(asked, "PATCH", place, _NOT_FAILED, _document(asked.file))


def _status(asked: argparse.Namespace) -> int:
    return _told(asked, "GET", f"inbound-shipment-writes/{quote(asked.reference, safe='')}", _ENDED_WELL)


def _told(asked: argparse.Namespace, method: str, place: str, good: Container[WriteState], body: Any = None) -> int:
    """Sends one request and prints the answer; `good` are the states of a request that make the exit code 0."""
    organisation, integration = (quote(each, safe="") for each in (asked.organisation, asked.integration))
    path = f"/v1/organisations/{organisation}/integrations/{integration}/{place}"
    content = b"" if body is None else json.dumps(body).encode()
    try:
        answer = _gateway(asked.api.rstrip("/"), asked.auth).ask(method, path, content)
    except NoAnswer as lost:
        print(f"planster: the API at {asked.api} does not answer: {lost.kind}", file=sys.stderr)
        return UNREACHED
    return _judged(answer, good)


def _gateway(url: str, auth: str) -> Gateway:
    clock = SystemClock()
    if auth == "iam":
        return gateway_from(os.environ, clock, url)
    if auth == "none":
        return open_gateway_from(os.environ, clock, url)
    if not os.environ.get(TOKEN):
        raise SettingsInvalid("There is no token.", remedy=f"Put it into the variable {TOKEN}.")
    return open_gateway_from(os.environ, clock, url, {"authorization": f"Bearer {os.environ[TOKEN]}"})


def _judged(answer: Answer, good: Container[WriteState]) -> int:
    text = answer.content.decode(errors="replace")
    if answer.status >= 400:
        print(text, file=sys.stderr)
        return UNREACHED if answer.status >= 500 else REFUSED
    print(text)
    state = WriteState(json.loads(text)["state"])
    if state in good:
        return DONE
    return REFUSED if state.is_final else UNFINISHED


def _document(name: str) -> Any:
    try:
        return json.loads(sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes())
    except ValueError as error:
        raise SettingsInvalid(f"The file {name} is not JSON.") from error
