"""`make invoke FUNCTION=… EVENT=…`: one event of events/ for one function as built, under AWS's own runtime emulator.

What `sam local invoke` does, without Docker: the same artefact, the same environment file, the local cloud that
`make run` serves (PORT=). The function's process is this machine's and not a container's, and its role is nobody's:
what the local cloud's own functions may do is enforced there, not here.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local_cloud.cloud import ROOT, attach
from local_cloud.deployment import STACK, build
from local_cloud.emulated_function import Function
from local_cloud.env_file import FUNCTIONS, environment_file
from local_cloud.processes import LOOPBACK, LocalCloudError

EVENTS = ROOT / "events"


def function_of(name: str, event: Mapping[str, Any], variables: Mapping[str, Mapping[str, str]]) -> Function:
    """A function by its name in the template, built if need be, with its variables of the environment file."""
    if name not in FUNCTIONS:
        raise LocalCloudError(f"FUNCTION={name} is unknown. Use one of: {', '.join(FUNCTIONS)}.")
    built = build().parent
    return Function(name, built / name, built / "ConnectorsLayer" / "python", event, variables[name])


def event_of(name: str) -> Any:
    """An event by its name in events/, or by its file."""
    path = EVENTS / f"{name}.json" if (EVENTS / f"{name}.json").exists() else Path(name)
    try:
        return json.loads(path.read_text())
    except FileNotFoundError:
        known = ", ".join(sorted(each.stem for each in EVENTS.glob("*.json")))
        raise LocalCloudError(f"EVENT={name} is no file. Use one, or one of: {known}.") from None
    except ValueError:
        raise LocalCloudError(f"{path} holds no JSON.") from None


def _variables(port: int) -> dict[str, dict[str, str]]:
    try:
        return environment_file(attach(port), LOOPBACK)
    except (BotoCoreError, ClientError):
        raise LocalCloudError(f"There is no stack {STACK} on port {port}; start it with `make run`.") from None


def main() -> int:
    """Prints the answer, and what the function logged on stderr; 1 where it failed or something is missing here."""
    told = os.environ
    try:
        event = event_of(told.get("EVENT", "scheduled_tick"))
        variables = _variables(int(told.get("PORT", "4566")))
        answered = function_of(told.get("FUNCTION", "SyncDispatcher"), event, variables).first_answer()
    except LocalCloudError as error:
        print(error, file=sys.stderr)
        return 1
    print(answered.log, end="", file=sys.stderr)
    print(json.dumps(answered.answer, indent=2))
    return 1 if answered.failed else 0


if __name__ == "__main__":
    sys.exit(main())
