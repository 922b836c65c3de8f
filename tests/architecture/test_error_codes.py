"""Every code that a planner or an alarm can see is explained in docs/errors.md, and no other."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.architecture.repository import PRODUCT, ROOT, sources

CODE = re.compile(r"[a-z]+(_[a-z]+)*")
MAKERS = {"Problem", "_end", "Miss"}


def _codes() -> set[str]:
    return {code for path in sources(PRODUCT) for node in ast.walk(ast.parse(path.read_text())) for code in _in(node)}


def _in(node: ast.AST) -> Iterator[str]:
    """Codes of error classes, and of problems that are made without one."""
    if isinstance(node, ast.ClassDef):
        for line in node.body:
            targets = _targets(line)
            if any(isinstance(target, ast.Name) and target.id == "code" for target in targets):
                yield from _text(line.value)  # type: ignore[attr-defined]  # both kinds of assignment have one
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in MAKERS:
            yield from (text for argument in node.args for text in _text(argument))


def _targets(line: ast.stmt) -> list[ast.expr]:
    if isinstance(line, ast.Assign):
        return line.targets
    return [line.target] if isinstance(line, ast.AnnAssign) else []


def _text(value: ast.expr | None) -> Iterator[str]:
    if isinstance(value, ast.Constant) and isinstance(value.value, str) and CODE.fullmatch(value.value):
        yield value.value


def test_error_codes_and_their_explanations_are_the_same_set() -> None:
    explained = re.findall(r"^\| `([a-z_]+)` \|", (ROOT / "docs" / "errors.md").read_text(), flags=re.MULTILINE)

    assert len(explained) == len(set(explained))
    assert set(explained) == _codes()
