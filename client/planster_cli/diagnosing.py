"""`planster diagnose`: what support needs to see, in one file."""

from __future__ import annotations

import json
from pathlib import Path

import click

from planster_cli import names
from planster_cli.asking import Desk, desk


@click.command()
@names.integration()
@click.option("--output", "-o", metavar="FILE", help="Left out: the standard output.")
@desk
def diagnose(at: Desk, integration: str, output: str | None) -> None:
    """One bundle to send to support: status, settings, runs, errors of INTEGRATION; no secrets, no personal data."""
    bundle = at.integration(integration).diagnose()
    text = json.dumps(bundle, indent=2, ensure_ascii=False) + "\n"
    if output is None:
        at.form.document(bundle, text)
        return
    Path(output).write_text(text, encoding="utf-8")
    at.form.document({"file": output}, f"The bundle is in {output}.\n")
