"""template.yaml as CloudFormation makes it of it: AWS's own translator, out of the SAM CLI's environment."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from local_cloud.cloud import REGION, ROOT

PYTHON = ROOT / ".venv-sam" / "bin" / "python"
_RENDER = """
import json, sys
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

asked = json.load(sys.stdin)
template = yaml_parse(open(asked["template"]).read())
for name, resource in template["Resources"].items():
    for part in ("CodeUri", "ContentUri"):
        if part in resource.get("Properties", {}):
            resource["Properties"][part] = "s3://artifacts/" + name + asked["code"].get(name, "")


class NoPolicies:
    def load(self):
        return {}


json.dump(transform(template, asked["parameters"], NoPolicies()), sys.stdout)
"""


def rendered(parameters: dict[str, str], code: dict[str, str] | None = None) -> dict[str, Any]:
    """Its resources by name. `code` tells other contents of a function or layer from those of another rendering."""
    asked = {"template": str(ROOT / "template.yaml"), "parameters": parameters, "code": code or {}}
    done = subprocess.run(
        [str(PYTHON), "-c", _RENDER],
        input=json.dumps(asked),
        env={"AWS_DEFAULT_REGION": REGION, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(json.loads(done.stdout)["Resources"])
