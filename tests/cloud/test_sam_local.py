"""What `sam local` would run: its own reading of the template finds routes, functions and layers, and this cloud.

It runs functions in Docker, which is not here; what it hands to Docker is made by the same code.
"""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest

from local_cloud.cloud import REGION, ROOT
from local_cloud.deployment import Deployment, build
from local_cloud.env_file import FUNCTIONS, environment_file, template_for_sam

pytestmark = pytest.mark.cloud

HOST = "host.docker.internal"
_READ = """
import json, sys
from samcli.lib.providers.api_provider import ApiProvider
from samcli.lib.providers.sam_function_provider import SamFunctionProvider
from samcli.lib.providers.sam_stack_provider import SamLocalStackProvider
from samcli.local.lambdafn.env_vars import EnvironmentVariables

asked = json.load(sys.stdin)
stacks, _ = SamLocalStackProvider.get_stacks(asked["template"], parameter_overrides={})
routes = ApiProvider(stacks, cwd=".", disable_authorizer=True).api.routes
functions = {
    each.name: {
        "code": each.codeuri,
        "layers": [layer.codeuri for layer in each.layers],
        "variables": EnvironmentVariables(
            each.name, each.memory, each.timeout, each.handler,
            variables=each.environment["Variables"], override_values=asked["variables"][each.name],
        ).resolve(),
    }
    for each in SamFunctionProvider(stacks).get_all()
}
json.dump({"routes": [[each.path, each.function_name] for each in routes], "functions": functions}, sys.stdout)
"""


def _read(deployment: Deployment) -> dict[str, Any]:
    told = {
        "template": str(template_for_sam(build())),
        "variables": environment_file(deployment.cloud, HOST),
    }
    done = subprocess.run(
        [str(ROOT / ".venv-sam" / "bin" / "python"), "-c", _READ],
        input=json.dumps(told),
        env={"AWS_DEFAULT_REGION": REGION, "PATH": "/usr/bin:/bin", "SAM_CLI_TELEMETRY": "0"},
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(json.loads(done.stdout))


def test_sam_local_finds_the_routes_and_runs_built_code_with_this_clouds_names(deployment: Deployment) -> None:
    found = _read(deployment)

    assert sorted({tuple(route) for route in found["routes"]}) == [
        ("/console", "ManualSyncApi"),
        ("/console/{proxy+}", "ManualSyncApi"),
        ("/v1/connect/callback", "ManualSyncApi"),
        ("/v1/{proxy+}", "ManualSyncApi"),
    ]
    assert set(found["functions"]) == set(FUNCTIONS)
    for name, function in found["functions"].items():
        variables = function["variables"]
        assert function["code"].endswith(name)
        assert [layer.rpartition("/")[2] for layer in function["layers"]] == ["ConnectorsLayer"]
        assert variables["AWS_ENDPOINT_URL"] == f"http://{HOST}:{deployment.cloud.port}"
        assert variables["CONTROL_TABLE"] == deployment.outputs["ControlTable"]
        assert variables["NIGHT_QUEUE_URL"].startswith(f"http://{HOST}:")
