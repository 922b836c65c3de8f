"""`planster check-draft`: an inbound shipment against what a connector needs, without any account."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import click
from pydantic import ValidationError
from rich.text import Text

from planster_cli.exits import Exit
from planster_cli.near import Near, near
from planster_cli.offline.refusals import told
from planster_cli.reading import document
from planster_sync.connectors import registry
from planster_sync.engine import write_rules
from planster_sync.entry.write_forms import ChangeForm, ShipmentForm
from planster_sync.errors import FieldsInvalid
from planster_sync.ports.source import WriteOperation

_OPERATIONS: Mapping[str, tuple[WriteOperation, Callable[[Any], write_rules.Content]]] = {
    "create": (WriteOperation.CREATE_INBOUND_SHIPMENT, lambda body: ShipmentForm.model_validate(body).draft()),
    "update": (WriteOperation.UPDATE_INBOUND_SHIPMENT, lambda body: ChangeForm.model_validate(body).change()),
}


@click.command("check-draft")
@click.option("--connector", required=True, metavar="NAME", help="See `planster connectors`.")
@click.option("--operation", type=click.Choice(sorted(_OPERATIONS)), default="create", show_default=True)
@click.argument("file", metavar="FILE")
@near
def check_draft(at: Near, connector: str, operation: str, file: str) -> int:
    """Check FILE, the body that the API takes as JSON (- for standard input), against a connector's rules.

    Ends with 1 where a field is wrong; each is named.
    """
    body = document(at.around, file)
    with told():
        wrong = _wrong(connector, operation, body)
    lines = [f"{field}: {what}" if field else what for field, what in wrong.items()]
    at.form.answer({"errors": wrong}, Text("\n".join(lines) or "The connector can be asked for this."))
    return Exit.BAD_OUTCOME if wrong else Exit.DONE


def _wrong(connector: str, operation: str, body: Any) -> Mapping[str, str]:
    """What is wrong, by field."""
    kind, content_of = _OPERATIONS[operation]
    try:
        write_rules.check(content_of(body), registry.capabilities(connector), kind)
    except ValidationError as misfit:
        return {".".join(map(str, each["loc"])): each["msg"] for each in misfit.errors(include_input=False)}
    except FieldsInvalid as refusal:
        return refusal.fields
    return {}
