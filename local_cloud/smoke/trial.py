"""What is tried: a night; a night whose workers are killed; its dead letters sent back; and the records after it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, cast

from local_cloud.cloud import Cloud
from local_cloud.deployment import LIVE, Deployment
from local_cloud.nights import TICK
from local_cloud.outcome import judged
from local_cloud.processes import LocalCloudError
from local_cloud.seed import Connected, control_table
from local_cloud.smoke.place import Place
from local_cloud.smoke.source import described
from local_cloud.vendors import Account, Vendor
from planster_sync.model.integrations import Integration, IntegrationStatus, Schedule
from planster_sync.model.runs import Run
from planster_sync.storage.integrations import DynamoIntegrations
from planster_sync.storage.runs import DynamoRuns

Seen = TypeVar("Seen")
Say = Callable[[str], None]
ORGANISATION = "smoke"
HURRIED = 1
"""Seconds that a worker may live while it is to be killed: less than the vendor takes for one answer."""


@dataclass(frozen=True)
class Trial:
    place: Place
    outputs: dict[str, str]
    source: str
    say: Say

    @property
    def deployment(self) -> Deployment:
        return Deployment(cast(Cloud, self.place), self.outputs)  # a place has an environment, as a cloud does

    def ordinary_night(self) -> None:
        one = self._connect(1)
        self._tick()
        run = self._ended(one, seconds=600)
        self._judge(one, run)

    def night_of_killed_workers(self) -> None:
        """The live alias leads to a version that is killed at its first request; then back."""
        one = self._connect(2)
        sound = self._live()
        self._receive_once()
        self._lead_to(self._hurried())
        self._tick()
        dead = self._until(self._dead_letters, seconds=900)
        self.say(f"  {dead} task(s) among the dead letters so far: their workers were ended after {HURRIED} s")
        self._lead_to(sound)
        run = self._until(lambda: self._redriven(one), seconds=1200)
        self._judge(one, run)

    def erase_secrets(self) -> None:
        names = [f"{self.outputs['SecretPrefix']}/{ORGANISATION}/smoke-{number}" for number in (1, 2)]
        self.place.client("ssm").delete_parameters(Names=names)

    def _connect(self, number: int) -> Connected:
        name, local = described()

        def filled(text: str) -> str:
            return text.replace("{url}", self.source).replace("{number}", str(number))

        told: Any = local
        credentials = {part: filled(text) for part, text in told["credentials"].items()}
        settings = {part: filled(text) if isinstance(text, str) else text for part, text in told["settings"].items()}
        account = Account(filled(told["connection"]), credentials, settings)
        vendor = Vendor(name, self.source, (account,), told["stock"], {})
        now = datetime.now(UTC)
        self.place.client("ssm").put_parameter(
            Name=f"{self.outputs['SecretPrefix']}/{ORGANISATION}/smoke-{number}",
            Value=json.dumps(credentials),
            Type="SecureString",
            Overwrite=True,
        )
        schedule = Schedule(zone="UTC", hours=(now.hour,))
        made = Integration(
            ORGANISATION, f"smoke-{number}", name, "Smoke", IntegrationStatus.ACTIVE, schedule, now, settings=settings
        )
        DynamoIntegrations(control_table(self.deployment)).put(replace(made, due_at=now))
        return Connected(made, vendor, account)

    def _tick(self) -> None:
        event = {**json.loads(TICK.read_text()), "time": (datetime.now(UTC) + timedelta(seconds=1)).isoformat()}
        answer = self.place.client("lambda").invoke(
            FunctionName=self.outputs["SyncDispatcher"], Qualifier=LIVE, Payload=json.dumps(event).encode()
        )
        told = json.loads(answer["Payload"].read())
        if "FunctionError" in answer or not told["started"]:
            raise LocalCloudError(f"The tick started nothing: {told}")
        self.say(f"  a tick started {told['started']} run(s)")

    def _run(self, one: Connected) -> Run | None:
        runs = DynamoRuns(control_table(self.deployment))
        found = runs.recent(ORGANISATION, one.integration.id, 1, None)[0]
        return found[0] if found else None

    def _ended(self, one: Connected, *, seconds: float) -> Run:
        def final() -> Run | None:
            run = self._run(one)
            return run if run is not None and run.status.is_final else None

        return self._until(final, seconds=seconds)

    def _judge(self, one: Connected, run: Run) -> None:
        self.say(
            f"  run {run.id} of {one.name}: {run.status}, {sum(t.record_writes for t in run.tasks.values())} writes"
        )
        report = judged(self.deployment, one)
        self.say("  " + report.text().replace("\n", "\n  "))
        if not run.status.value.startswith("succeeded") or not report.equal:
            raise LocalCloudError("What is stored is not what the source has.")

    def _live(self) -> str:
        alias = self.place.client("lambda").get_alias(FunctionName=self.outputs["SyncWorker"], Name=LIVE)
        return str(alias["FunctionVersion"])

    def _lead_to(self, version: str) -> None:
        self.place.client("lambda").update_alias(
            FunctionName=self.outputs["SyncWorker"], Name=LIVE, FunctionVersion=version
        )
        self.say(f"  live is version {version} of the worker now")

    def _hurried(self) -> str:
        client, name = self.place.client("lambda"), self.outputs["SyncWorker"]
        client.update_function_configuration(FunctionName=name, Timeout=HURRIED)
        client.get_waiter("function_updated_v2").wait(FunctionName=name)
        return str(client.publish_version(FunctionName=name)["Version"])

    def _receive_once(self) -> None:
        """As shipped a message dies after five receives, half an hour and more; here after the first."""
        client = self.place.client("sqs")
        dead = self._attribute(self.outputs["NightDeadLettersUrl"], "QueueArn")
        policy = json.dumps({"deadLetterTargetArn": dead, "maxReceiveCount": 1})
        client.set_queue_attributes(QueueUrl=self.outputs["NightQueueUrl"], Attributes={"RedrivePolicy": policy})

    def _dead_letters(self) -> int:
        return int(self._attribute(self.outputs["NightDeadLettersUrl"], "ApproximateNumberOfMessages"))

    def _attribute(self, queue: str, name: str) -> str:
        answer = self.place.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=[name])
        return str(answer["Attributes"][name])

    def _redriven(self, one: Connected) -> Run | None:
        """Sends every dead letter back (received, sent, deleted: the local cloud knows no StartMessageMoveTask)."""
        client, dead = self.place.client("sqs"), self.outputs["NightDeadLettersUrl"]
        found: Sequence[Any] = client.receive_message(
            QueueUrl=dead, MaxNumberOfMessages=10, AttributeNames=["MessageGroupId"]
        ).get("Messages", [])
        for message in found:
            client.send_message(
                QueueUrl=self.outputs["NightQueueUrl"], MessageBody=message["Body"], MessageGroupId=ORGANISATION
            )
            client.delete_message(QueueUrl=dead, ReceiptHandle=message["ReceiptHandle"])
        if found:
            self.say(f"  {len(found)} dead letter(s) sent back")
        run = self._run(one)
        return run if run is not None and run.status.is_final else None

    def _until(self, seen: Callable[[], Seen | None], *, seconds: float) -> Seen:
        give_up = time.monotonic() + seconds
        while time.monotonic() < give_up:
            if answer := seen():
                return answer
            time.sleep(3)
        raise LocalCloudError("What is waited for did not happen; the worker's log says why.")
