"""Files that a person names."""

from __future__ import annotations

import json
from typing import Any

from planster_cli.failures import Misused
from planster_cli.surroundings import Surroundings


def document(around: Surroundings, file: str) -> Any:
    """The JSON in a file. Raises Misused where it is none, OSError where there is none."""
    try:
        return json.loads(around.text_of(file))
    except ValueError as error:
        raise Misused(f"The file {file} is not JSON.", "See docs/api.md for what it should hold.") from error
