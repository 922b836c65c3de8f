"""Builds and deploys template.yaml with the SAM CLI, as production does, for this machine's Python and processor."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import platform
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local_cloud.cloud import REGION, ROOT, Cloud
from local_cloud.permissions import allow_batches
from local_cloud.processes import LOOPBACK, LocalCloudError

STACK = "planster-sync-local"
BUILD = ROOT / "build" / "local"
ARTIFACTS = "planster-sync-artifacts"
LIVE = "live"
"""The alias by which everything calls the functions."""

LOCAL_PARAMETERS: dict[str, str] = {
    "Stage": "local",
    "VendorNetwork": "loopback",
    "ApiAuthorization": "NONE",
    "OrganisationRequestsPerMinute": "6000",
    "TickRate": "rate(1 minute)",
    "SlotSpreadSeconds": "0",
    "SyncCooldownSeconds": "0",
    "FullSyncCooldownSeconds": "0",
    "WorkerConcurrency": "4",
    # Production's times at about a tenth, so that a lost worker is noticed while somebody watches.
    "FunctionTimeout": "30",
    "Slice": "20",
    "HttpTimeout": "5",
    "ClockSkew": "4",
    "Lease": "40",
    "Visibility": "180",
    "Claim": "60",
    "CheckpointEvery": "1",
    "ShortWait": "5",
    "RetryWait": "5",
    "Unsent": "15",
    "MaxRun": "900",
}


def no_proof(_organisation: str) -> Mapping[str, str]:
    """Where the API asks nobody."""
    return {}


@dataclass(frozen=True)
class Deployment:
    """What was deployed where. `outputs` are the stack's, by name; `proof` gives the headers that an API call takes."""

    cloud: Cloud
    outputs: Mapping[str, str]
    proof: Callable[[str], Mapping[str, str]] = no_proof

    @property
    def api_url(self) -> str:
        """The API's address on this machine; it resolves without a name server.

        The template's own output names a host under .localhost, which curl and browsers understand and Python does not.
        """
        api = self.outputs["ApiUrl"].split("//", 1)[-1].split(".", 1)[0]
        return f"{self.cloud.endpoint}/_aws/execute-api/{api}"

    @property
    def console_url(self) -> str:
        """Where a browser finds the console: its pages link from the root of their host, as on AWS."""
        return f"{self.outputs['ApiUrl']}/console"

    def ask(self, organisation: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Asks the API about an organisation, below its address: a POST where there is a body; gives the JSON answer.

        Raises:
            HTTPError: for every answer that is not good.
        """
        data = None if body is None else json.dumps(body).encode()
        headers = {"content-type": "application/json", **self.proof(organisation)}
        address = f"{self.api_url}/v1/organisations/{organisation}/{path}"
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(urllib.request.Request(address, data, headers), timeout=30) as answer:  # noqa: S310  loopback
            return json.load(answer)

    def invoke(self, function: str, event: Mapping[str, Any]) -> Any:
        """Invokes a function (by output name) and gives its answer.

        Raises:
            LocalCloudError: the function failed.
        """
        answer = self.cloud.functions.invoke(
            FunctionName=self.outputs[function], Qualifier=LIVE, Payload=json.dumps(event).encode()
        )
        body = json.loads(answer["Payload"].read() or b"null")
        if "FunctionError" in answer:
            raise LocalCloudError(f"{function} failed: {json.dumps(body)[:2000]}")
        return body

    def environment_of(self, function: str) -> dict[str, str]:
        """The environment variables that the template gives to a function (by output name)."""
        answer = self.cloud.functions.get_function_configuration(FunctionName=self.outputs[function])
        return dict(answer["Environment"]["Variables"])


def build(source: Path = ROOT, target: Path = BUILD) -> Path:
    """Runs `sam build` unless what it would read is unchanged; gives the built template.

    One process builds at a time: `sam build` empties its folder, whoever may be reading it.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with (target.parent / f".{target.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        built = target / "template.yaml"
        stamp = target / ".built-from"
        digest = _digest(source)
        if not (built.exists() and stamp.exists() and stamp.read_text() == digest):
            stamp.unlink(missing_ok=True)
            _sam_build(source, target)
            stamp.write_text(digest)
    return built


def _sam_build(source: Path, target: Path) -> None:
    command: list[str | Path] = [
        _sam(),
        "build",
        "--template-file",
        source / "template.yaml",
        "--build-dir",
        target,
        "--region",
        REGION,
    ]
    env = {
        **os.environ,
        "SAM_CLI_TELEMETRY": "0",
        "LAYER_PYTHON": _python(),
        "LAYER_PLATFORM": _platform(),
        "LAYER_COMPILER": sys.executable,
        "UV": str(ROOT / ".venv" / "bin" / "uv"),
    }
    _run("sam build", [*command, "--parameter-overrides", *_overrides({})], env=env, cwd=source)


def deploy(cloud: Cloud, built: Path, parameters: Mapping[str, str] | None = None) -> Deployment:
    """Runs `sam deploy` against the local cloud; `parameters` add to and replace LOCAL_PARAMETERS."""
    cloud.s3.create_bucket(Bucket=ARTIFACTS, CreateBucketConfiguration={"LocationConstraint": REGION})
    command: list[str | Path] = [
        _sam(),
        "deploy",
        "--template-file",
        built,
        "--stack-name",
        STACK,
        "--s3-bucket",
        ARTIFACTS,
    ]
    command += ["--region", REGION, "--capabilities", "CAPABILITY_IAM", "--no-confirm-changeset"]
    command += ["--no-progressbar", "--config-env", "local"]
    command += ["--parameter-overrides", *_overrides(parameters or {})]
    _run("sam deploy", command, env=cloud.environment(), cwd=built.parent)
    _make_concurrency_a_number(cloud, int({**LOCAL_PARAMETERS, **(parameters or {})}["WorkerConcurrency"]))
    allow_batches(cloud, STACK)
    return deployed(cloud)


def deployed(cloud: Cloud) -> Deployment:
    """The stack that is there."""
    stack = cloud.cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]
    return Deployment(cloud, {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]})


def _make_concurrency_a_number(cloud: Cloud, workers: int) -> None:
    # The emulator (ministack 1.5.33) keeps what a parameter refers to as text; its poller then fails to compare it.
    for mapping in cloud.functions.list_event_source_mappings()["EventSourceMappings"]:
        cloud.functions.update_event_source_mapping(UUID=mapping["UUID"], ScalingConfig={"MaximumConcurrency": workers})


def _overrides(parameters: Mapping[str, str]) -> list[str]:
    architecture = "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64"
    here = {"Runtime": f"python{_python()}", "Architecture": architecture}
    return [
        f'ParameterKey={key},ParameterValue="{value}"'
        for key, value in {**LOCAL_PARAMETERS, **here, **parameters}.items()
    ]


def _python() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def _platform() -> str:
    machine = "aarch64" if platform.machine() in ("arm64", "aarch64") else "x86_64"
    return f"{machine}-apple-darwin" if sys.platform == "darwin" else f"{machine}-manylinux_2_28"


def _sam() -> Path:
    command = ROOT / ".venv-sam" / "bin" / "sam"
    if not command.exists():
        raise LocalCloudError(f"{command} is missing. Run `make setup` first.")
    return command


def _run(what: str, command: list[str | Path], *, env: Mapping[str, str], cwd: Path) -> None:
    done = subprocess.run(
        [str(part) for part in command], env=dict(env), cwd=cwd, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise LocalCloudError(f"{what} failed with code {done.returncode}:\n{(done.stdout + done.stderr)[-4000:]}")


def _sources(root: Path) -> Iterator[Path]:
    yield from (
        root / "template.yaml",
        root / "requirements" / "layer.txt",
        root / "layers" / "connectors" / "Makefile",
    )
    for folder in (root / "functions", root / "layers" / "connectors" / "python"):
        yield from sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def _digest(root: Path) -> str:
    digest = hashlib.sha256(f"{_python()} {_platform()} {LOOPBACK}".encode())
    for path in _sources(root):
        digest.update(f"{path.relative_to(root)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()
