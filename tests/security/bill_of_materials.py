"""What each artefact is made of, as CycloneDX 1.6: one document for the layer, one for each function. Run: `make sbom`.

From the lock alone (names, versions, every hash that it admits) and from the metadata of the same versions as they are
installed for development (licences); tests/architecture compares it with the layer that was built. Two runs of one
commit are equal byte for byte.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_string
from importlib.metadata import distribution
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.bom_ref import BomRef
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense, License, LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.markers import Marker

from tests.architecture.repository import FUNCTIONS, PRODUCT, REQUIREMENTS, ROOT

OWN = "planster-sync"
LAYER = "ConnectorsLayer"
ARTEFACTS = {"SyncDispatcher": "sync_dispatcher", "SyncWorker": "sync_worker", "ManualSyncApi": "manual_sync_api"}
TARGET = ROOT / "build" / "sbom"
_ENTRY = re.compile(
    r"^(?P<name>[A-Za-z0-9_.-]+)==(?P<version>[^ ;\\\n]+)(?: *; *(?P<marker>[^\\\n]+))?(?P<rest>(?:.*\n)(?: +.*\n?)*)",
    re.M,
)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_LAMBDA = {
    "implementation_name": "cpython",
    "implementation_version": "3.13.0",
    "os_name": "posix",
    "platform_machine": "aarch64",
    "platform_python_implementation": "CPython",
    "platform_release": "",
    "platform_system": "Linux",
    "platform_version": "",
    "python_full_version": "3.13.0",
    "python_version": "3.13",
    "sys_platform": "linux",
}


def layer_bom(lock: str, at: datetime) -> Bom:
    """Every package of the lock that is installed on Lambda, and the product's own."""
    own = _own_package()
    root = Component(name=LAYER, type=ComponentType.APPLICATION, version=own.version, bom_ref=BomRef(LAYER))
    found = sorted((own, *_packages(lock)), key=lambda each: each.name)
    return _bom(root, found, at)


def function_bom(name: str, folder: Path, layer: Bom, at: datetime) -> Bom:
    """The function's own files; what they import is in the layer, whose document this one refers to."""
    root = Component(
        name=name,
        type=ComponentType.APPLICATION,
        version=_version(),
        bom_ref=BomRef(name),
        external_references=[
            ExternalReference(type=ExternalReferenceType.BOM, url=XsUri(f"urn:cdx:{layer.serial_number}/1"))
        ],
    )
    return _bom(root, [_file(path, folder) for path in sorted(folder.glob("*.py"))], at)


def _bom(root: Component, parts: list[Component], at: datetime) -> Bom:
    told = "\n".join(
        f"{part.name} {part.version} {sorted(map(str, (h.content for h in part.hashes)))}" for part in parts
    )
    bom = Bom(components=parts, serial_number=uuid5(NAMESPACE_URL, f"{root.name}\n{told}"))
    bom.metadata.component = root
    bom.metadata.timestamp = at
    bom.register_dependency(root, parts)
    return bom


def _packages(lock: str) -> Iterator[Component]:
    for entry in _ENTRY.finditer(lock):
        if entry["marker"] and not Marker(entry["marker"].strip()).evaluate(_LAMBDA):
            continue
        name, version = entry["name"], entry["version"]
        hashes = [HashType(alg=HashAlgorithm.SHA_256, content=each) for each in sorted(_HASH.findall(entry["rest"]))]
        yield Component(
            name=name,
            version=version,
            type=ComponentType.LIBRARY,
            purl=PackageURL("pypi", name=name, version=version),
            bom_ref=BomRef(f"{name}@{version}"),
            hashes=hashes,
            licenses=[_licence(name, version)],
        )


def _licence(name: str, version: str) -> License:
    """The SPDX expression that the package declares, else the licence that its classifiers or its field name."""
    there = distribution(name)
    if there.version != version:
        raise SystemExit(f"{name} {version} is in the lock and {there.version} is installed: run `make setup`")
    told = message_from_string(there.read_text("METADATA") or "")
    named = [each.rpartition(" :: ")[2] for each in told.get_all("Classifier", []) if each.startswith("License ::")]
    declared = told.get("License-Expression") or " OR ".join(_SPDX.get(each, each) for each in named)
    text = str(declared or told.get("License", ""))
    found = LicenseFactory().make_from_string(text)
    if isinstance(found, DisjunctiveLicense | LicenseExpression) and text:
        return found
    raise SystemExit(f"{name} names no licence")


_SPDX = {
    "MIT License": "MIT",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "MIT No Attribution License (MIT-0)": "MIT-0",
}


def digest_of(package: Path) -> str:
    """One digest over every source file of a package, by path."""
    whole = hashlib.sha256()
    for path in sorted(path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
        whole.update(f"{path.relative_to(package)}\0{_digest(path)}\n".encode())
    return whole.hexdigest()


def _own_package() -> Component:
    return Component(
        name=OWN,
        version=_version(),
        type=ComponentType.LIBRARY,
        bom_ref=BomRef(OWN),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest_of(PRODUCT))],
        licenses=[LicenseFactory().make_from_string("Apache-2.0")],
    )


def _file(path: Path, folder: Path) -> Component:
    name = str(path.relative_to(folder))
    hashes = [HashType(alg=HashAlgorithm.SHA_256, content=_digest(path))]
    licence = LicenseFactory().make_from_string("Apache-2.0")
    return Component(name=name, type=ComponentType.FILE, bom_ref=BomRef(name), hashes=hashes, licenses=[licence])


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _version() -> str:
    return distribution(OWN).version


def documents(at: datetime) -> dict[str, str]:
    """Each artefact's document as JSON."""
    layer = layer_bom((REQUIREMENTS / "layer.txt").read_text(), at)
    boms = {LAYER: layer}
    boms |= {name: function_bom(name, FUNCTIONS / folder, layer, at) for name, folder in ARTEFACTS.items()}
    return {name: JsonV1Dot6(bom).output_as_string(indent=2) + "\n" for name, bom in boms.items()}


def main() -> int:
    asked = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, check=True, capture_output=True, text=True)
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, text in documents(datetime.fromtimestamp(int(asked.stdout), UTC)).items():
        (TARGET / f"{name}.cdx.json").write_text(text)
        sys.stdout.write(f"build/sbom/{name}.cdx.json: {text.count('bom-ref') - 1} components\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
