"""A table as it was at a moment: restored beside the one that is there, looked at, and put in its place.

In its place means under its name: what the functions may do, alarms, dashboards and the stack itself name the table,
and go on with the new one unchanged. The product tells the two apart by their moments of creation, and rebuilds every
index.

DynamoDB restores items, keys, secondary indexes and encryption; what it leaves out is set here (AWS: DynamoDB Developer
Guide, "Point-in-time recovery": alarms, tags, time to live, point-in-time recovery itself). Tags belong to the stack:
its next deployment sets them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from operations.desk import Line
from planster_sync.errors import Conflict, InvalidRequest, NotFound, StoreBusy
from planster_sync.ports.platform import Clock
from planster_sync.storage.keys import instant

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TableDescriptionTypeDef

LOOK_EVERY = 5.0
LONGEST = 6 * 3600.0
EXPIRES = "_expires"
WHICH = ("control", "records")


@dataclass(frozen=True, slots=True)
class Tables:
    dynamodb: DynamoDBClient
    clock: Clock

    def restore(self, source: str, target: str, *, at: datetime | None, backup: str | None) -> Line:
        """Restores `source` as it was `at` a moment, or a backup (its ARN), as a new table; waits until it can be used.

        Raises:
            InvalidRequest: neither or both of moment and backup were named, or DynamoDB refuses them.
            Conflict: there is a table of that name already.
            StoreBusy: it was not ready within six hours; it goes on being restored.
        """
        if (at is None) == (backup is None):
            raise InvalidRequest("A table is restored to a moment or from a backup.", remedy="Name one of the two.")
        if self._there(target) is not None:
            raise Conflict(f"There is a table {target} already.", remedy="Name a new one, or go on with this one.")
        began = self.clock.now()
        try:
            if backup is not None:
                self.dynamodb.restore_table_from_backup(TargetTableName=target, BackupArn=backup)
            elif at is not None:
                self.dynamodb.restore_table_to_point_in_time(
                    SourceTableName=source, TargetTableName=target, RestoreDateTime=at
                )
        except ClientError as refused:
            raise InvalidRequest(
                f"DynamoDB does not restore {source}: {refused.response.get('Error', {}).get('Code')}.",
                remedy="Name a moment of the last 35 days that is at least five minutes ago, or another backup.",
                detail=str(refused),
            ) from refused
        self._complete(target)
        return Line(target, "restored", f"{self.count(target)} items, {self._since(began)} s")

    def replace(self, there: str, by: str) -> Sequence[Line]:
        """Puts what `by` holds in the place of the table `there`, under its name; `by` stays.

        Both are backed up first, so that every step can be taken back. Repeated after it broke off, it goes on.

        Raises:
            NotFound: there is no table `by`.
            Conflict: its keys are not those of the table that it is to replace.
        """
        began = self.clock.now()
        new, old = self._there(by), self._there(there)
        if new is None:
            raise NotFound(f"There is no table {by}.", remedy="Restore it first: `restore-table`.")
        if old is not None and (old["KeySchema"], _indexes(old)) != (new["KeySchema"], _indexes(new)):
            raise Conflict(f"{by} has other keys or indexes than {there}.", remedy="Restore the right table.")
        saved = [self._backup(name) for name in ((by, there) if old is not None else (by,))]
        if old is not None:
            self.dynamodb.delete_table(TableName=there)
            self._wait(there, gone=True)
        restored = self.restore(there, there, at=None, backup=saved[0])
        if self.count(there) != self.count(by):
            raise StoreBusy(f"{there} does not hold what {by} holds.", remedy=f"Ask again; {by} is whole.")
        kept = [Line(arn, "kept", "remove it when nobody needs it any more") for arn in saved]
        return [Line(there, f"replaced by {by}", f"{restored.why}; {self._since(began)} s in all"), *kept]

    def count(self, table: str) -> int:
        """How many items a table holds, counted one by one."""
        pages = self.dynamodb.get_paginator("scan").paginate(TableName=table, Select="COUNT", ConsistentRead=True)
        return sum(int(page["Count"]) for page in pages)

    def _backup(self, table: str) -> str:
        name = f"{table[:200]}-{instant(self.clock.now())[:19].replace(':', '')}"
        made = self.dynamodb.create_backup(TableName=table, BackupName=name)["BackupDetails"]
        arn = str(made["BackupArn"])
        while self.dynamodb.describe_backup(BackupArn=arn)["BackupDescription"]["BackupDetails"]["BackupStatus"] == (
            "CREATING"
        ):
            self.clock.wait(LOOK_EVERY)
        return arn

    def _complete(self, table: str) -> None:
        self._wait(table, gone=False)
        self.dynamodb.update_time_to_live(
            TableName=table, TimeToLiveSpecification={"Enabled": True, "AttributeName": EXPIRES}
        )
        self.dynamodb.update_continuous_backups(
            TableName=table, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
        )

    def _wait(self, table: str, *, gone: bool) -> None:
        began = self.clock.now()
        while (self.clock.now() - began).total_seconds() < LONGEST:
            there = self._there(table)
            if (there is None) if gone else (there is not None and there["TableStatus"] == "ACTIVE"):
                return
            self.clock.wait(LOOK_EVERY)
        raise StoreBusy(f"{table} is not ready after six hours.", remedy="It goes on by itself: ask again later.")

    def _there(self, table: str) -> TableDescriptionTypeDef | None:
        try:
            return self.dynamodb.describe_table(TableName=table)["Table"]
        except self.dynamodb.exceptions.ResourceNotFoundException:
            return None

    def _since(self, began: datetime) -> int:
        return round((self.clock.now() - began).total_seconds())


def _indexes(table: TableDescriptionTypeDef) -> Sequence[str]:
    return sorted(str(index.get("IndexName")) for index in table.get("GlobalSecondaryIndexes", ()))
