"""Creates the tables and the bucket exactly as template.yaml describes them, so that tests run on the real layout."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml  # type: ignore[import-untyped]  # has no types of its own

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TEMPLATE = Path(__file__).resolve().parents[3] / "template.yaml"
_CREATED = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")


class _TemplateLoader(yaml.SafeLoader):  # type: ignore[misc]  # see above
    """Reads CloudFormation's short functions (!Ref, !Sub, ...) as plain values."""


def _plain(loader: Any, _suffix: str, node: Any) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_mapping(node, deep=True) if isinstance(node, yaml.MappingNode) else None


_TemplateLoader.add_multi_constructor("!", _plain)


@cache
def template() -> dict[str, Any]:
    """The template as plain data, read once: it is not to be changed."""
    loaded: dict[str, Any] = yaml.load(TEMPLATE.read_text(), Loader=_TemplateLoader)  # noqa: S506  a safe loader with the tags of templates
    return loaded


def described(*, control: str, records: str) -> list[tuple[str, dict[str, Any]]]:
    """Both tables, by the names that they are to have, as CreateTable takes them."""
    resources = template()["Resources"]
    return [
        (
            name,
            {
                part: resources[resource]["Properties"][part]
                for part in _CREATED
                if part in resources[resource]["Properties"]
            },
        )
        for name, resource in ((control, "ControlTable"), (records, "RecordsTable"))
    ]


def create_tables(client: DynamoDBClient, *, control: str, records: str) -> None:
    for name, description in described(control=control, records=records):
        client.create_table(TableName=name, **description)
