"""A table as it was at a moment, restored beside the one that is there. The stack is pointed at it by its parameters.

DynamoDB restores items, keys, secondary indexes and encryption; what it leaves out is set here (AWS: DynamoDB Developer
Guide, "Point-in-time recovery": tags, alarms, time to live and point-in-time recovery itself).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from operations.desk import Line
from planster_sync.errors import Conflict, InvalidRequest, StoreBusy
from planster_sync.ports.platform import Clock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

LOOK_EVERY = 10.0
LONGEST = 6 * 3600.0
EXPIRES = "_expires"

PARAMETERS = {"control": "RestoredControlTable", "records": "RestoredRecordsTable"}
"""By what the table holds, the template's parameter that points the stack at another one."""


@dataclass(frozen=True, slots=True)
class Restoration:
    """`source` as it was `at` a moment, or as a `backup` (its ARN) has it, as a new table `target`."""

    dynamodb: DynamoDBClient
    clock: Clock
    source: str
    target: str
    at: datetime | None = None
    backup: str | None = None

    def do(self) -> Line:
        """Restores the table, waits until it can be used and sets what a restore leaves out.

        Repeated, it goes on with the table that the first call began.

        Raises:
            InvalidRequest: neither or both of moment and backup were named, or DynamoDB refuses them.
            Conflict: another table has the name.
            StoreBusy: it was not ready within six hours; it goes on being restored.
        """
        if (self.at is None) == (self.backup is None):
            raise InvalidRequest("A table is restored to a moment or from a backup.", remedy="Name one of the two.")
        began = self.clock.now()
        self._begin()
        items = self._wait(began)
        self.dynamodb.update_time_to_live(
            TableName=self.target, TimeToLiveSpecification={"Enabled": True, "AttributeName": EXPIRES}
        )
        self.dynamodb.update_continuous_backups(
            TableName=self.target, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
        )
        seconds = (self.clock.now() - began).total_seconds()
        return Line(self.target, "restored", f"{items} items by DynamoDB's count, {seconds:.0f} s")

    def _begin(self) -> None:
        try:
            if self.backup is not None:
                self.dynamodb.restore_table_from_backup(TargetTableName=self.target, BackupArn=self.backup)
            elif self.at is not None:
                self.dynamodb.restore_table_to_point_in_time(
                    SourceTableName=self.source, TargetTableName=self.target, RestoreDateTime=self.at
                )
        except ClientError as refused:
            code = str(refused.response.get("Error", {}).get("Code"))
            if code in ("TableAlreadyExistsException", "TableInUseException"):
                self._refuse_foreign()
                return
            raise InvalidRequest(
                f"DynamoDB does not restore {self.source}: {code}.",
                remedy="Name a moment of the last 35 days that is at least five minutes ago, or another backup.",
                detail=str(refused),
            ) from refused

    def _refuse_foreign(self) -> None:
        """A table with this name that was restored from the same one is the first call's."""
        there = self.dynamodb.describe_table(TableName=self.target)["Table"].get("RestoreSummary")
        origins = [there.get("SourceTableArn", ""), there.get("SourceBackupArn", "")] if there else []
        if not any(f":table/{self.source}" in origin for origin in origins):
            raise Conflict(f"There is a table {self.target} already.", remedy="Name a new one.")

    def _wait(self, began: datetime) -> int:
        while (self.clock.now() - began).total_seconds() < LONGEST:
            there = self.dynamodb.describe_table(TableName=self.target)["Table"]
            if there["TableStatus"] == "ACTIVE":
                return int(there.get("ItemCount", 0))
            self.clock.wait(LOOK_EVERY)
        raise StoreBusy(f"{self.target} is still being restored.", remedy="Ask again: it goes on by itself.")
