"""Builds everything that is deployed twice, under circumstances that differ, and compares. Run: `make reproducible`.

Other folder, depth, umask, zone, language, home, file times and order of creation. Compared are the trees that `sam
build` makes (paths, modes, contents) and the archives that the SAM CLI's own code makes of them: what Lambda is given.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.architecture.repository import ROOT

ARTEFACTS = ("ConnectorsLayer", "SyncDispatcher", "SyncWorker", "ManualSyncApi")
SOURCES = ("template.yaml", "layers", "functions", "requirements/layer.txt")
SAM = ROOT / ".venv-sam" / "bin"
ZIP = """
import hashlib, json, sys, tempfile
from samcli.lib.package.utils import make_zip_with_lambda_permissions as make
with tempfile.TemporaryDirectory() as folder:
    made = make(f"{folder}/made", sys.argv[1])
    print(hashlib.sha256(open(made, "rb").read()).hexdigest())
"""


@dataclass(frozen=True, slots=True)
class Circumstances:
    folder: str
    umask: int
    environment: Mapping[str, str]
    age: float
    backwards: bool


ONE = Circumstances("one", 0o022, {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"}, 0, backwards=False)
OTHER = Circumstances(
    "another/much/deeper", 0o077, {"TZ": "Pacific/Auckland", "LC_ALL": "C", "PYTHONHASHSEED": "2"}, 4e7, backwards=True
)


def built(scratch: Path, how: Circumstances) -> Path:
    """The folder of a build of this checkout's files, copied for it."""
    source, home = scratch / how.folder / "source", scratch / how.folder / "home"
    before = os.umask(how.umask)
    try:
        home.mkdir(parents=True)
        for path in sorted(_files(), reverse=how.backwards):
            target = source / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / path, target)
            os.utime(target, (time.time() - how.age, time.time() - how.age))
        _sam_build(source, home, how)
    finally:
        os.umask(before)
    return source / "built"


def _files() -> list[str]:
    listed = subprocess.run(["git", "ls-files", *SOURCES], cwd=ROOT, check=True, capture_output=True, text=True)
    return listed.stdout.splitlines()


def _sam_build(source: Path, home: Path, how: Circumstances) -> None:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    arm = platform.machine() in ("arm64", "aarch64")
    made_for = {
        "UV": str(ROOT / ".venv" / "bin" / "uv"),
        "LAYER_PYTHON": version,
        "LAYER_PLATFORM": f"{'aarch64' if arm else 'x86_64'}-manylinux_2_28",
        "LAYER_COMPILER": str(ROOT / ".venv" / "bin" / "python"),
        "SAM_CLI_TELEMETRY": "0",
        "HOME": str(home),
    }
    overrides = [f"Runtime=python{version}", f"Architecture={'arm64' if arm else 'x86_64'}"]
    command = [str(SAM / "sam"), "build", "--template-file", "template.yaml", "--build-dir", "built"]
    command += ["--region", "eu-central-1", "--parameter-overrides", *overrides]
    environment = {**os.environ, **made_for, **how.environment}
    done = subprocess.run(command, cwd=source, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"sam build failed:\n{(done.stdout + done.stderr)[-4000:]}")


def tree(folder: Path) -> dict[str, str]:
    """Each file with its mode, as the SAM CLI packs it (readable by all), and the digest of its content."""
    return {
        str(
            path.relative_to(folder)
        ): f"{path.stat().st_mode | 0o444:o} {hashlib.sha256(path.read_bytes()).hexdigest()}"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def archive(folder: Path) -> str:
    done = subprocess.run([str(SAM / "python"), "-c", ZIP, str(folder)], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def compared(one: Path, other: Path) -> Iterator[tuple[str, int, str, list[str], bool]]:
    for name in ARTEFACTS:
        mine, theirs = tree(one / name), tree(other / name)
        differing = sorted(path for path in mine.keys() | theirs.keys() if mine.get(path) != theirs.get(path))
        digest = hashlib.sha256(json.dumps(mine).encode()).hexdigest()
        yield name, len(mine), digest, differing, archive(one / name) == archive(other / name)


def main() -> int:
    failed = False
    sys.stdout.write("| artefact | files | digest of the tree | trees | archives |\n| --- | ---: | --- | --- | --- |\n")
    with tempfile.TemporaryDirectory(prefix="twice-") as scratch:
        builds = [built(Path(scratch), how) for how in (ONE, OTHER)]
        for name, count, digest, differing, same in compared(*builds):
            words = "equal" if not differing else f"{len(differing)} differ"
            sys.stdout.write(f"| {name} | {count} | `{digest[:16]}` | {words} | {'equal' if same else 'differ'} |\n")
            sys.stdout.write("".join(f"DIFFERS in {name}: {path}\n" for path in differing[:10]))
            failed = failed or bool(differing) or not same
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
