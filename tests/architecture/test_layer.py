"""The layer as it is built: it lacks nothing that the functions import, and two builds are the same."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.architecture.repository import REQUIREMENTS, ROOT
from tests.security.bill_of_materials import OWN, digest_of, layer_bom

UV = ROOT / ".venv" / "bin" / "uv"
ONLY_THE_LAYER = """
import sys
sys.path.insert(0, sys.argv[1])
import boto3
from planster_sync.connectors import registry
from planster_sync.entry import dispatcher_wiring, worker_wiring
from planster_sync.entry.api import wiring
from planster_sync.entry.console import login_wiring
from planster_sync.entry.console import wiring as console_wiring
for service in sys.argv[2].split():
    boto3.client(service, region_name="eu-central-1", aws_access_key_id="a", aws_secret_access_key="b")
for name in registry.names():
    registry.capabilities(name)
print(boto3.__file__, wiring.__file__)
"""

pytestmark = [
    pytest.mark.cloud,
    pytest.mark.skipif(not UV.exists(), reason="the layer is built with the uv that `make setup` installs"),
]


def _build(target: Path) -> Path:
    machine = "aarch64" if platform.machine() in ("arm64", "aarch64") else "x86_64"
    system = "apple-darwin" if sys.platform == "darwin" else "manylinux_2_28"
    variables = {
        "ARTIFACTS_DIR": str(target),
        "UV": str(UV),
        "LAYER_PYTHON": f"{sys.version_info.major}.{sys.version_info.minor}",
        "LAYER_PLATFORM": f"{machine}-{system}",
        "LAYER_COMPILER": sys.executable,
    }
    subprocess.run(
        ["make", "--silent", "--file", "layers/connectors/Makefile", "build-ConnectorsLayer"],
        cwd=ROOT,
        env={**os.environ, **variables},
        check=True,
        capture_output=True,
    )
    return target / "python"


def _digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _build(tmp_path_factory.mktemp("layer"))


def test_layer_alone_holds_everything_that_the_functions_import(layer: Path) -> None:
    makefile = (ROOT / "layers" / "connectors" / "Makefile").read_text()
    services = re.search(r"^SERVICES = (.+)$", makefile, flags=re.MULTILINE)
    assert services is not None

    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", ONLY_THE_LAYER, str(layer), services[1]],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-2000:]
    assert all(place.startswith(str(layer)) for place in done.stdout.split())


def test_layer_holds_no_tests_and_no_type_stubs(layer: Path) -> None:
    names = [path for path in layer.rglob("*") if path.name in ("tests", ".lock") or path.suffix == ".pyi"]

    assert names == []


def test_two_builds_are_equal_byte_for_byte(layer: Path, tmp_path: Path) -> None:
    again = _build(tmp_path)

    assert _digests(again) == _digests(layer)


def test_bill_of_materials_names_what_the_layer_contains_and_nothing_else(layer: Path) -> None:
    listed = layer_bom((REQUIREMENTS / "layer.txt").read_text(), datetime(2026, 1, 1, tzinfo=UTC)).components
    told = {(each.name, each.version) for each in listed if each.name != OWN}
    found = [re.fullmatch(r"(.+)-([^-]+)\.dist-info", path.name) for path in layer.glob("*.dist-info")]

    assert {(each[1].lower().replace("_", "-"), each[2]) for each in found if each} == told
    (own,) = (each for each in listed if each.name == OWN)
    assert [each.content for each in own.hashes] == [digest_of(layer / "planster_sync")]
    names = {name for name, _ in told}
    known = {
        top for top, of in packages_distributions().items() if names & {each.lower().replace("_", "-") for each in of}
    }
    tops = {path.stem for path in layer.iterdir() if path.suffix != ".dist-info" and path.name != "__pycache__"}
    assert tops - known == {"planster_sync"}
