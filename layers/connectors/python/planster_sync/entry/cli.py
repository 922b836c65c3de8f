"""The `planster` command: maps vendors' answers from files, checks drafts, prints what connectors and records offer,
and what a month costs.

Needs no cloud, no account and no network, but for `write`, which asks a deployed API.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from planster_sync.connectors import registry
from planster_sync.entry import cli_writes, documents
from planster_sync.entry.cost import facts, report
from planster_sync.errors import AnswerBroken, SetAside, SettingsInvalid, SyncError
from planster_sync.model.data_types import DataType
from planster_sync.ports.source import SourceRecord

DONE, BAD_USAGE, SOME_QUARANTINED = 0, 2, 3


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command. Gives 0, 2 for bad usage, or 3 where a source record went to quarantine.

    Raises:
        SystemExit: as argparse does, for an unknown option (2) and for `--help` (0).
    """
    asked = _parser().parse_args(argv)
    try:
        return int(asked.run(asked))
    except (SyncError, OSError) as error:
        print(f"planster: {error}", file=sys.stderr)
        if isinstance(error, SyncError):
            print(error.remedy, file=sys.stderr)
        return BAD_USAGE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="planster", description="Maps vendors' data; shows what connectors offer and what a month costs."
    )
    commands = parser.add_subparsers(required=True)
    mapping = commands.add_parser("map", help="turn a vendor's pages or records into unified records (NDJSON)")
    mapping.add_argument("--connector", required=True, metavar="NAME")
    mapping.add_argument("--data-type", required=True, choices=[str(each) for each in DataType], metavar="TYPE")
    mapping.add_argument("--settings", type=Path, metavar="FILE", help="the integration's settings, a JSON object")
    mapping.add_argument("files", nargs="+", metavar="FILE", help="a page or a single record; - for standard input")
    mapping.set_defaults(run=_map)
    connectors = commands.add_parser("connectors", help="print what the connectors offer")
    connectors.add_argument("--markdown", action="store_true", help="print docs/connectors.md")
    connectors.add_argument("--connector", metavar="NAME", help="print one connector's coverage, as in its README")
    connectors.set_defaults(run=_connectors)
    model = commands.add_parser("model", help="print docs/data-model.md")
    model.set_defaults(run=_model)
    cost = commands.add_parser("cost", help="print what the service costs on AWS in a month")
    cost.add_argument("--integrations", type=_count, default=report.INTEGRATIONS, metavar="N")
    cost.add_argument("--profile", default="typical", metavar="NAME", help=f"{', '.join(facts.PROFILES)}, or a file")
    cost.add_argument("--markdown", action="store_true", help="print the tables of docs/cost.md")
    cost.set_defaults(run=_cost)
    cli_writes.add_commands(commands)
    return parser


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError("not a number of integrations")
    return int(text)


def _map(asked: argparse.Namespace) -> int:
    data_type = DataType(asked.data_type)
    read = _read_for(asked.connector, data_type)
    mapper = registry.mapper(asked.connector, _settings_in(asked.settings))
    quarantined = 0
    for source in _sources(mapper, asked.files):
        try:
            mapped = mapper.map(read, source.raw)
        except SetAside as refusal:
            quarantined += 1
            _print_line(_reason(source, refusal), sys.stderr)
            continue
        for record in (*mapped.owned, *mapped.shared):
            if record.data_type is data_type:
                print(record.canonical().decode())
    return SOME_QUARANTINED if quarantined else DONE


def _read_for(connector: str, data_type: DataType) -> str:
    capabilities = registry.capabilities(connector)
    read = capabilities.read_of(data_type)
    if read is None:
        reason = capabilities.exemptions.get(data_type, "it is not declared")
        raise SettingsInvalid(
            f"{capabilities.title} does not serve {data_type}: {reason}.",
            remedy=f"Use one of: {', '.join(capabilities.data_types)}.",
        )
    return read.name


def _settings_in(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        found = json.loads(path.read_bytes())
    except ValueError as error:
        raise SettingsInvalid(f"The file {path} is not JSON.") from error
    if not isinstance(found, dict):
        raise SettingsInvalid(f"The file {path} holds no JSON object.")
    return found


def _sources(mapper: registry.Mapper, files: Sequence[str]) -> Iterator[SourceRecord]:
    for name in files:
        body = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        try:
            yield from mapper.cut(body)
        except AnswerBroken:
            yield SourceRecord(_id_in(body), body)  # no envelope: the record itself, or what its mapping will refuse


def _id_in(body: bytes) -> str | None:
    try:
        found = json.loads(body)
    except ValueError:
        return None
    return str(found["id"]) if isinstance(found, dict) and found.get("id") else None


def _reason(source: SourceRecord, refusal: SetAside) -> dict[str, Any]:
    return {
        "source": source.id,
        "code": refusal.code,
        "path": refusal.path,
        "what": refusal.what,
        "remedy": refusal.remedy,
    }


def _connectors(asked: argparse.Namespace) -> int:
    if asked.connector:
        print(documents.coverage(registry.capabilities(asked.connector)), end="")
    elif asked.markdown:
        print(documents.connector_reference(documents.all_declared()), end="")
    else:
        print(documents.overview(documents.all_declared()), end="")
    return DONE


def _model(_: argparse.Namespace) -> int:
    print(documents.model_reference(), end="")
    return DONE


def _cost(asked: argparse.Namespace) -> int:
    if asked.markdown:
        print(report.tables(report.all_models()), end="")
    else:
        print(report.bill(report.model_of(asked.profile), asked.integrations), end="")
    return DONE


def _print_line(value: dict[str, Any], stream: Any) -> None:
    print(json.dumps(value, ensure_ascii=False), file=stream)
