"""`python -m local_cloud.env_file`: the --env-vars file for `sam local`, with the names that a running local cloud has.

The container reaches the emulator by the name under which Docker knows its host; HOST= chooses another. `sam local`
gives a function only variables that its template declares, and the emulator's address is none of those: it takes the
template that is written beside the built one.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from local_cloud.cloud import NAMES_NOBODY, REGION, Cloud, attach
from local_cloud.deployment import STACK, build, deployed
from local_cloud.processes import LOOPBACK, LocalCloudError

ADDRESS = "AWS_ENDPOINT_URL"
SAM_TEMPLATE = "sam-local.yaml"
FUNCTIONS = ("SyncDispatcher", "SyncWorker", "ManualSyncApi")


def environment_file(cloud: Cloud, host: str) -> dict[str, dict[str, str]]:
    """Per function (by its name in the template) every variable, addresses turned to `host`.

    `sam local` checks no token, so that the API must ask nobody.
    """
    deployment = deployed(cloud)
    reach = {
        "API_AUTHORIZATION": "NONE",
        **NAMES_NOBODY,
        "AWS_REGION": REGION,
        ADDRESS: f"http://{host}:{cloud.port}",
    }
    return {name: {**_moved(deployment.environment_of(name), host), **reach} for name in FUNCTIONS}


def template_for_sam(built: Path) -> Path:
    """The built template, with the one variable more that leads to the local cloud."""
    text = built.read_text()
    head = re.search(r"^Globals:\n.*?^    Environment:\n      Variables:\n", text, re.MULTILINE | re.DOTALL)
    if head is None:
        raise LocalCloudError(f"{built} gives its functions no variables.")
    path = built.parent / SAM_TEMPLATE
    path.write_text(f'{text[: head.end()]}        {ADDRESS}: ""\n{text[head.end() :]}')
    return path


def _moved(variables: Mapping[str, str], host: str) -> dict[str, str]:
    return {
        name: value.replace("//localhost:", f"//{host}:").replace(f"//{LOOPBACK}:", f"//{host}:")
        for name, value in variables.items()
    }


def main() -> int:
    port = int(os.environ.get("PORT", "4566"))
    try:
        variables = environment_file(attach(port), os.environ.get("HOST", "host.docker.internal"))
    except (BotoCoreError, ClientError):
        print(f"There is no stack {STACK} on port {port}; start it with `make run`.", file=sys.stderr)
        return 1
    print(json.dumps(variables, indent=2))
    print(f"The template for it: {template_for_sam(build())}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
