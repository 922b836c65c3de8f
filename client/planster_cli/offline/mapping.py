"""`planster map`: a vendor's answers from files, mapped as a sync would."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import click

from planster_cli.exits import Exit
from planster_cli.failures import Misused
from planster_cli.near import Near, near
from planster_cli.offline.refusals import told
from planster_cli.reading import document
from planster_cli.surroundings import Surroundings
from planster_sync.connectors import registry
from planster_sync.errors import AnswerBroken, SetAside, SettingsInvalid
from planster_sync.model.data_types import DataType
from planster_sync.ports.source import SourceRecord


@click.command("map")
@click.option("--connector", required=True, metavar="NAME", help="See `planster connectors`.")
@click.option("--data-type", required=True, type=click.Choice([str(each) for each in DataType]), metavar="TYPE")
@click.option("--settings", metavar="FILE", help="The integration's settings, a JSON object.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@near
def map_files(at: Near, connector: str, data_type: str, settings: str | None, files: Sequence[str]) -> int:
    """Turn a vendor's pages or records into unified records, one on a line; - for standard input.

    Ends with 1 where a source record was set aside; its reason is on the standard error.
    """
    with told():
        return _map(at, connector, DataType(data_type), _settings_in(at.around, settings), files)


def _map(at: Near, connector: str, data_type: DataType, settings: dict[str, Any], files: Sequence[str]) -> int:
    read = _read_for(connector, data_type)
    mapper = registry.mapper(connector, settings)
    ends = Exit.DONE
    for source in _sources(at.around, mapper, files):
        try:
            mapped = mapper.map(read, source.raw)
        except SetAside as refusal:
            ends = Exit.BAD_OUTCOME
            at.around.err.write(json.dumps(_reason(source, refusal), ensure_ascii=False) + "\n")
            continue
        for record in (*mapped.owned, *mapped.shared):
            if record.data_type is data_type:
                at.around.out.write(record.canonical().decode() + "\n")
    return ends


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


def _settings_in(around: Surroundings, file: str | None) -> dict[str, Any]:
    found = {} if file is None else document(around, file)
    if not isinstance(found, dict):
        raise Misused(f"The file {file} holds no JSON object.", "Write the settings as an object.")
    return found


def _sources(around: Surroundings, mapper: registry.Mapper, files: Sequence[str]) -> Iterator[SourceRecord]:
    for name in files:
        body = around.bytes_of(name)
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
