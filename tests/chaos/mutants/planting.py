"""Puts a patch into the product's text before it is imported; nothing on disk changes."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType
from typing import Any

from tests.chaos.mutants.patches import Patch


class DoesNotFit(Exception):
    """The product's text has moved on: the patch has to follow."""


def planted(text: str, patch: Patch) -> str:
    """Raises DoesNotFit where a place to change is not there exactly once."""
    for before, after in patch.changes:
        if text.count(before) != 1:
            raise DoesNotFit(f"{patch.module} has {text.count(before)} times: {before}")
        text = text.replace(before, after)
    return text


class _Planter(SourceFileLoader):
    patch: Patch

    def get_code(self, fullname: str) -> CodeType:
        text = planted(self.get_source(fullname) or "", self.patch)
        return compile(text, f"<{fullname}, planted>", "exec")


class _Finder(MetaPathFinder):
    def __init__(self, patch: Patch) -> None:
        self._patch = patch

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        spec: Any = PathFinder.find_spec(name, path, target) if name == self._patch.module else None
        if spec is not None:
            spec.loader = _Planter(name, spec.origin)
            spec.loader.patch = self._patch
        found: ModuleSpec | None = spec
        return found


def plant(patch: Patch) -> None:
    """From now on the module is imported with the bug in it."""
    if patch.module in sys.modules:
        raise DoesNotFit(f"{patch.module} was imported too early")
    sys.meta_path.insert(0, _Finder(patch))
