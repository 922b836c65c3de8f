"""The AWS emulator: started on the loopback address with an environment of its own, stopped with all it wrote."""

from __future__ import annotations

import os
import shutil
import urllib.error
import urllib.request
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

import boto3
from botocore.config import Config

from local_cloud.processes import LOOPBACK, Children, LocalCloudError, require_free

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_ssm import SSMClient

ROOT = Path(__file__).resolve().parent.parent
REGION: Final = "eu-central-1"
NAMES_NOBODY = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": REGION}


@dataclass(frozen=True)
class Cloud:
    """A running emulator. The clients speak to it whatever AWS settings the caller's environment has."""

    port: int
    scratch: Path

    @property
    def endpoint(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    @cached_property
    def session(self) -> boto3.Session:
        return boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)  # noqa: S106  the emulator takes any

    @property
    def config(self) -> Config:
        return Config(proxies={}, retries={"mode": "standard", "total_max_attempts": 3}, max_pool_connections=50)

    @cached_property
    def cloudformation(self) -> CloudFormationClient:
        return self.session.client("cloudformation", endpoint_url=self.endpoint, config=self.config)

    @cached_property
    def dynamodb(self) -> DynamoDBClient:
        return self.session.client("dynamodb", endpoint_url=self.endpoint, config=self.config)

    @cached_property
    def events(self) -> EventBridgeClient:
        return self.session.client("events", endpoint_url=self.endpoint, config=self.config)

    @cached_property
    def functions(self) -> LambdaClient:
        patient = self.config.merge(Config(read_timeout=330))
        return self.session.client("lambda", endpoint_url=self.endpoint, config=patient)

    @cached_property
    def logs(self) -> CloudWatchLogsClient:
        return self.session.client("logs", endpoint_url=self.endpoint, config=self.config)

    @cached_property
    def s3(self) -> S3Client:
        return self.session.client("s3", endpoint_url=self.endpoint, config=self.config)

    @cached_property
    def sqs(self) -> SQSClient:
        return self.session.client("sqs", endpoint_url=self.endpoint, config=self.config)

    @cached_property
    def ssm(self) -> SSMClient:
        return self.session.client("ssm", endpoint_url=self.endpoint, config=self.config)

    def environment(self) -> dict[str, str]:
        """Variables with which another program (SAM CLI, boto3) reaches this cloud and nothing else."""
        return {
            **_bare(self.scratch),
            **NAMES_NOBODY,
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "NO_PROXY": LOOPBACK,
            "SAM_CLI_TELEMETRY": "0",
        }


def start_cloud(children: Children, *, port: int, scratch: Path, seen_by_functions: str | None = None) -> Cloud:
    """Starts the emulator and waits until it answers.

    Functions inherit the emulator's environment, so it gets none of ours: an AWS_ENDPOINT_URL in it would send them
    to the wrong place. `seen_by_functions` is such an address, where they are to go by another way. Whatever they
    leave in the temporary folder lies under `scratch`, which is emptied first.

    Raises:
        LocalCloudError: the emulator is not installed, the port is taken, or it does not come up.
    """
    command = _emulator()
    require_free(port, setting="PORT")
    shutil.rmtree(scratch, ignore_errors=True)
    (scratch / "tmp").mkdir(parents=True)
    env = {
        **_bare(scratch),
        **NAMES_NOBODY,
        "BIND_HOST": LOOPBACK,
        "GATEWAY_PORT": str(port),
        "MINISTACK_REGION": REGION,
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "PYTHONUNBUFFERED": "1",
        "AUTH": "true",  # functions may do what their roles allow, and nothing else
        **({"AWS_ENDPOINT_URL": seen_by_functions} if seen_by_functions else {}),
    }
    process = children.start("cloud", [command], env=env, cwd=scratch)
    cloud = Cloud(port, scratch)
    children.wait_until(process, lambda: _answers(f"{cloud.endpoint}/_ministack/ready"), seconds=30)
    return cloud


def attach(port: int) -> Cloud:
    """An emulator that is already running, started by somebody else."""
    return Cloud(port, ROOT / "build" / "local-cloud" / "cloud")


def _emulator() -> Path:
    command = ROOT / ".venv-cloud" / "bin" / "ministack"
    if not command.exists():
        raise LocalCloudError(f"{command} is missing. Run `make setup` first.")
    return command


def _bare(scratch: Path) -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "HOME": str(scratch), "TMPDIR": str(scratch / "tmp"), "LANG": "C.UTF-8"}


def _answers(url: str) -> bool | None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=1) as answer:
            return True if answer.status == 200 else None
    except (urllib.error.URLError, OSError):
        return None
