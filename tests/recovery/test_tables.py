"""A table restored beside the one in use, and put in its place, on moto."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import boto3
import pytest
from moto import mock_aws

from operations.tables import Tables
from planster_sync.errors import Conflict, InvalidRequest, NotFound
from tests.contract.stores.tables import create_tables
from tests.fakes.clock import ManualClock

pytestmark = pytest.mark.moto


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch) -> Iterator[Tables]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        client = boto3.client("dynamodb", region_name="eu-central-1")
        create_tables(client, control="control", records="records")
        put(client, "records", "old")
        yield Tables(client, ManualClock())


def put(client: object, table: str, *names: str) -> None:
    for name in names:
        client.put_item(TableName=table, Item={"pk": {"S": "a#b#orders"}, "sk": {"S": name}})  # type: ignore[attr-defined]


def names(tables: Tables, table: str) -> list[str]:
    return sorted(str(item["sk"]["S"]) for item in tables.dynamodb.scan(TableName=table)["Items"])


def backed_up(tables: Tables) -> str:
    made = tables.dynamodb.create_backup(TableName="records", BackupName="before")
    return str(made["BackupDetails"]["BackupArn"])


def test_restored_table_takes_the_other_ones_place_under_its_name(tables: Tables) -> None:
    backup = backed_up(tables)
    put(tables.dynamodb, "records", "new")

    restored = tables.restore("records", "beside", at=None, backup=backup)
    replaced, *kept = tables.replace("records", "beside")

    ttl = tables.dynamodb.describe_time_to_live(TableName="records")["TimeToLiveDescription"]
    backups = tables.dynamodb.describe_continuous_backups(TableName="records")["ContinuousBackupsDescription"]
    assert (names(tables, "records"), names(tables, "beside")) == (["old"], ["old"])
    assert restored.why.startswith("1 items")
    assert replaced.what == "records"
    assert len(kept) == 2
    assert ttl["AttributeName"] == "_expires"
    assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"


def test_damaged_table_can_be_had_back_from_its_backup(tables: Tables) -> None:
    backup = backed_up(tables)
    put(tables.dynamodb, "records", "new")
    tables.restore("records", "beside", at=None, backup=backup)
    _, _, damaged = tables.replace("records", "beside")

    tables.restore("records", "damaged", at=None, backup=damaged.what)

    assert names(tables, "damaged") == ["new", "old"]


def test_replacement_that_broke_off_after_the_deletion_is_finished_by_a_second_call(tables: Tables) -> None:
    tables.restore("records", "beside", at=None, backup=backed_up(tables))
    tables.dynamodb.delete_table(TableName="records")

    tables.replace("records", "beside")

    assert names(tables, "records") == ["old"]


def test_table_of_the_other_kind_is_no_replacement(tables: Tables) -> None:
    with pytest.raises(Conflict):
        tables.replace("records", "control")

    assert names(tables, "records") == ["old"]


def test_what_cannot_be_meant_is_refused_before_anything_is_done(tables: Tables) -> None:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    with pytest.raises(InvalidRequest):
        tables.restore("records", "beside", at=at, backup="arn")
    with pytest.raises(InvalidRequest):
        tables.restore("records", "beside", at=None, backup=None)
    with pytest.raises(Conflict):
        tables.restore("records", "control", at=at, backup=None)
    with pytest.raises(NotFound):
        tables.replace("records", "beside")
    with pytest.raises(InvalidRequest):
        tables.restore("records", "beside", at=None, backup=backed_up(tables)[:-3] + "xyz")

    assert names(tables, "records") == ["old"]
