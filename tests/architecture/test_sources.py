"""Rules about the sources that no type checker knows."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

from planster_sync.aws.journal import FIELDS, FREE_TEXT
from tests.architecture.repository import FUNCTIONS, PRODUCT, ROOT, sources

CONNECTORS = PRODUCT / "connectors"
DRAWERS = {"utils.py", "util.py", "helpers.py", "common.py", "misc.py", "managers.py"}


def _vendors() -> set[str]:
    connectors = {folder.name for folder in CONNECTORS.iterdir() if (folder / "__init__.py").exists()}
    return connectors | {path.parent.name for path in (ROOT / "simulators").glob("*/__main__.py")}


def test_imports_go_down_only() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-3000:]


def test_no_vendor_is_named_outside_its_own_folder() -> None:
    """The registry is the one list; everything else asks the declaration, never the name."""
    own = {CONNECTORS / "registry.py"} | {path for vendor in _vendors() for path in (CONNECTORS / vendor).rglob("*.py")}
    named = re.compile("|".join(sorted(_vendors())), re.IGNORECASE)

    guilty = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sources(PRODUCT, FUNCTIONS, ROOT / "client", ROOT / "local_cloud", ROOT / "operations")
        if path not in own
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if named.search(line)
    ]

    assert _vendors()
    assert guilty == []


def test_every_connector_has_a_simulator_that_the_local_cloud_can_start_and_judge() -> None:
    connectors = {folder.name for folder in CONNECTORS.iterdir() if (folder / "__init__.py").exists()}

    startable = {path.parent.name for path in (ROOT / "simulators").glob("*/local.json")}
    judged = {path.name for path in (ROOT / "simulators").iterdir() if (path / "readings" / "__init__.py").exists()}

    assert connectors == startable == judged


def test_every_field_that_is_logged_is_allowed_in_the_log() -> None:
    calls = [
        node
        for path in sources(PRODUCT)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and re.search(r"journal\.(event|failure)$", ast.unparse(node.func))
    ]

    logged = {keyword.arg for call in calls for keyword in call.keywords if keyword.arg is not None}

    assert calls
    assert logged - FIELDS - FREE_TEXT == set()


def test_handlers_are_thin() -> None:
    lengths = {path.parent.name: len(path.read_text().splitlines()) for path in FUNCTIONS.glob("*/handler.py")}

    assert set(lengths) == {"sync_dispatcher", "sync_worker", "manual_sync_api"}
    assert max(lengths.values()) <= 40


def test_function_folders_hold_their_handler_only() -> None:
    """A sibling module would have one name in Lambda and another in tests."""
    files = {path.name for path in sources(*(folder for folder in FUNCTIONS.iterdir() if folder.is_dir()))}

    assert files <= {"__init__.py", "handler.py"}


def test_no_module_is_a_drawer_without_a_name() -> None:
    folders = [PRODUCT, FUNCTIONS, ROOT / "client", ROOT / "simulators", ROOT / "local_cloud", ROOT / "operations"]

    assert [str(path) for path in sources(*folders) if path.name in DRAWERS] == []
