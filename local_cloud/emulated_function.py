"""One function of the built template, run as Lambda runs it: AWS's own runtime interface emulator and client.

The emulator is the one that the SAM CLI brings along. It starts the function's process with the first event, so that
the first answer's time is a cold start: process, imports, the handler's wiring and its first event.
"""

from __future__ import annotations

import http.client
import importlib.util
import json
import os
import platform
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local_cloud.cloud import REGION, ROOT
from local_cloud.processes import LOOPBACK, LocalCloudError, free_port

STARTS_WITHIN = 10.0
INVOKE = "/2015-03-31/functions/function/invocations"


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to an event, the milliseconds until it came, and what function and emulator have printed."""

    milliseconds: float
    answer: Any
    log: str

    @property
    def failed(self) -> bool:
        """Lambda's own answer where a handler raised or its process ended."""
        return isinstance(self.answer, dict) and "errorMessage" in self.answer


@dataclass(frozen=True, slots=True)
class Function:
    """A function's folder (its task root), the layer beside it, and the event that it is woken with."""

    name: str
    task_root: Path
    layer: Path
    event: Mapping[str, Any]
    environment: Mapping[str, str]

    def variables(self) -> dict[str, str]:
        """The process's whole environment: nothing of this machine's own gets in."""
        path = os.pathsep.join(str(each) for each in (self.task_root, self.layer, _runtime_client()))
        return {
            "PATH": os.defpath,
            "LANG": "C.UTF-8",
            "PYTHONPATH": path,
            "LAMBDA_TASK_ROOT": str(self.task_root),
            "AWS_LAMBDA_FUNCTION_NAME": self.name,
            "AWS_LAMBDA_FUNCTION_TIMEOUT": "300",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1769",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "example",
            "AWS_SECRET_ACCESS_KEY": "example",
            "AWS_EC2_METADATA_DISABLED": "true",
            **self.environment,
        }

    def first_answer(self) -> Answered:
        """What becomes of the event in a process that is yet to start.

        Raises:
            LocalCloudError: a part of the emulation is missing, or does not start.
        """
        with tempfile.TemporaryFile() as log:
            ports = free_port(), free_port()
            emulator = self._start(ports, log)
            try:
                _await(ports[0], emulator)
                began = time.perf_counter()
                answer = _post(ports[0], self.event)
                milliseconds = (time.perf_counter() - began) * 1000
            finally:
                os.killpg(emulator.pid, signal.SIGKILL)
                emulator.wait()
            log.seek(0)
            return Answered(milliseconds, answer, log.read().decode(errors="replace"))

    def _start(self, ports: tuple[int, int], log: Any) -> subprocess.Popen[bytes]:
        addresses = [f"{LOOPBACK}:{port}" for port in ports]
        command: list[str | Path] = [
            _emulator(),
            "--runtime-interface-emulator-address",
            addresses[0],
            "--runtime-api-address",
            addresses[1],
            sys.executable,
            "-S",  # neither Lambda's interpreter nor this one looks for the packages of a machine
            "-m",
            "awslambdaric",
            "handler.handler",
        ]
        return subprocess.Popen(
            command, env=self.variables(), cwd=self.task_root, stdout=log, stderr=log, start_new_session=True
        )


def _emulator() -> Path:
    machine = "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64"
    found = sorted(
        (ROOT / ".venv-sam").glob(f"lib/python3.*/site-packages/samcli/local/rapid/aws-lambda-rie-{machine}")
    )
    if not found:
        raise LocalCloudError("The SAM CLI's emulator is missing. Run `make setup` first.")
    return found[0]


def _runtime_client() -> Path:
    spec = importlib.util.find_spec("awslambdaric")
    if spec is None or spec.origin is None:
        raise LocalCloudError("AWS's runtime interface client is missing. Run `make setup` first.")
    return Path(spec.origin).parents[1]


def _await(port: int, emulator: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < give_up and emulator.poll() is None:
        try:
            socket.create_connection((LOOPBACK, port), timeout=1).close()
        except OSError:
            time.sleep(0.01)
        else:
            return
    raise LocalCloudError("The emulator did not start.")


def _post(port: int, event: Mapping[str, Any]) -> Any:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=60)
    try:
        connection.request("POST", INVOKE, json.dumps(event))
        return json.loads(connection.getresponse().read())
    finally:
        connection.close()
