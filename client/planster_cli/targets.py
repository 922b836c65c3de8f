"""The APIs that a person works with, by name; none of what is kept here is a secret."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from planster_cli.failures import Misused
from planster_cli.surroundings import Surroundings

Proof = Literal["login", "iam", "none"]
PROOFS: tuple[Proof, ...] = ("login", "iam", "none")


@dataclass(frozen=True, slots=True)
class Target:
    """One organisation at one API. `proof` is how requests prove who asks."""

    name: str
    url: str
    organisation: str
    proof: Proof = "login"
    issuer: str | None = None
    client_id: str | None = None


@dataclass(frozen=True, slots=True)
class Targets:
    """A JSON file below XDG_CONFIG_HOME: every target, and the one that is meant where none is named."""

    file: Path

    @classmethod
    def of(cls, surroundings: Surroundings) -> Targets:
        return cls(surroundings.folder("XDG_CONFIG_HOME", ".config") / "targets.json")

    def all(self) -> dict[str, Target]:
        return {name: _target(name, each) for name, each in self._content()["targets"].items()}

    @property
    def current(self) -> str | None:
        name: str | None = self._content()["current"]
        return name

    def named(self, name: str | None) -> Target:
        """The target, the current one for None.

        Raises:
            Misused: there is none of that name, or none at all.
        """
        known = self.all()
        wanted = name or self.current
        if wanted is None:
            raise Misused("No target is set.", "Add one: planster target add NAME --url URL --organisation ID.")
        if wanted not in known:
            raise Misused(f"There is no target {wanted}.", f"Use one of: {', '.join(known) or 'none yet'}.")
        return known[wanted]

    def put(self, target: Target) -> None:
        """Adds it or replaces the one of its name; it is the current one from now on."""
        content = self._content()
        entry = {key: value for key, value in asdict(target).items() if value is not None and key != "name"}
        self._write({"current": target.name, "targets": {**content["targets"], target.name: entry}})

    def use(self, name: str) -> None:
        self._write({**self._content(), "current": self.named(name).name})

    def remove(self, name: str) -> None:
        content = self._content()
        left = {key: value for key, value in content["targets"].items() if key != self.named(name).name}
        current = content["current"] if content["current"] != name else next(iter(left), None)
        self._write({"current": current, "targets": left})

    def _content(self) -> dict[str, Any]:
        try:
            found = json.loads(self.file.read_bytes())
            return {"current": found["current"], "targets": dict(found["targets"])}
        except FileNotFoundError:
            return {"current": None, "targets": {}}
        except (ValueError, KeyError, TypeError) as error:
            raise Misused(
                f"{self.file} is not a file of targets.", "Mend it, or remove it and add them anew."
            ) from error

    def _write(self, content: Mapping[str, Any]) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(json.dumps(content, indent=2) + "\n")


def _target(name: str, entry: Mapping[str, Any]) -> Target:
    try:
        return Target(name, **entry)
    except TypeError as error:
        raise Misused(f"The target {name} cannot be understood.", "Remove it and add it anew.") from error
