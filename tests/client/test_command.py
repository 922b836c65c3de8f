"""The command as a whole: help, completion, what it costs to start, and that docs/cli.md tells the truth."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from planster_cli import manual
from planster_cli.asking import DATA_TYPES
from planster_cli.commands import COMMANDS
from planster_cli.exits import MEANINGS, Exit
from planster_sync.entry.documents import BEGIN, END
from planster_sync.model.data_types import DataType
from tests.client.served import Served
from tests.client.terminal import Terminal

ROOT = Path(__file__).parents[2]
PYTHONPATH = os.pathsep.join(map(str, (ROOT, ROOT / "layers/connectors/python", ROOT / "client")))
LOADED = "import sys; from planster_cli.main import main; main({argv}); print(*sys.modules, file=sys.stderr)"


def started(*argv: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "planster_cli", *argv],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": PYTHONPATH, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def loaded(*argv: str) -> set[str]:
    """The modules that are there once a command has run."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED.format(argv=list(argv))],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": PYTHONPATH},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stderr.split())


def test_help_lists_every_command_and_loads_none() -> None:
    done = started("--help")

    assert done.returncode == 0
    assert [name for name in COMMANDS if f"\n  {name} " not in done.stdout] == []
    assert loaded("--help") & {"rich", "requests", "msgspec", "pydantic", "planster_sync"} == set()


def test_asking_an_api_loads_nothing_of_the_server() -> None:
    assert {name for name in loaded("status") if name.startswith("planster_sync")} == set()


def test_the_library_knows_neither_the_server_nor_a_terminal() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sys, planster_client.organisation; print(*sys.modules)"],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "client")},
        capture_output=True,
        text=True,
        check=True,
    )

    assert set(done.stdout.split()) & {"planster_sync", "planster_cli", "click", "rich", "botocore"} == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_of_its_own(name: str, terminal: Terminal, capsys: pytest.CaptureFixture[str]) -> None:
    assert terminal.run(name, "--help") == 0
    assert capsys.readouterr().out.startswith(f"Usage: planster {name}")


def test_every_command_that_asks_can_answer_in_json(served: Served, terminal: Terminal) -> None:
    run = served.world.night().id
    asked = {
        "status": [],
        "runs": ["int1", run],
        "check": ["int1"],
        "settings": ["int1"],
        "held": ["list", "int1"],
        "quarantine": ["list", "int1", "orders"],
        "target": ["list"],
        "connectors": [],
        "cost": [],
        "model": [],
    }
    kept = {}
    for name, argv in asked.items():
        head, *more = argv if name in ("held", "quarantine", "target") else ["", *argv]
        words = [name, *([head] if head else []), *more, "--json"]
        assert terminal.run(*words) == 0, words
        kept[name] = json.loads(terminal.out)

    assert kept["status"]["integrations"][0]["id"] == "int1"
    assert kept["runs"]["id"] == run
    assert len(kept["cost"]["lines"]) > 5
    assert set(kept["model"]) == {str(each) for each in DataType}


@pytest.mark.parametrize("argv", [["nope"], ["status", "--nope"], ["runs"], ["sync", "int1", "moons"], []])
def test_a_command_line_that_cannot_be_read_ends_with_2(argv: list[str], served: Served, terminal: Terminal) -> None:
    assert terminal.run(*argv) == 2
    assert "Usage: planster" in terminal.err
    assert served.asked == []


def test_data_types_are_those_of_the_product() -> None:
    """The client knows nothing of the server, so that it has a list of its own."""
    assert sorted(DATA_TYPES) == sorted(str(each) for each in DataType)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_a_script_that_asks_the_command(shell: str, terminal: Terminal) -> None:
    code = terminal.run("completion", shell)

    assert code == 0
    assert f"_PLANSTER_COMPLETE={shell}_complete" in terminal.out


def completed(words: str, terminal: Terminal) -> list[str]:
    """What bash is offered for the last word."""
    done = started(
        _PLANSTER_COMPLETE="bash_complete",
        COMP_WORDS=words,
        COMP_CWORD=str(len(words.split(" ")) - 1),
        HOME=str(terminal.home),
    )
    return [line.partition(",")[2] for line in done.stdout.splitlines() if line]


def test_commands_options_and_words_are_completed(terminal: Terminal) -> None:
    assert completed("planster st", terminal) == ["status"]
    assert completed("planster held a", terminal) == ["approve"]
    assert completed("planster sync main --mo", terminal) == ["--mode"]
    assert completed("planster export main ord", terminal) == ["orders", "order_channels", "order_shipments"]


def test_integrations_are_completed_from_the_api(served: Served, terminal: Terminal) -> None:
    assert completed("planster sync in", terminal) == ["int1"]
    assert completed("planster sync x", terminal) == []


def test_completion_is_silent_where_nobody_is_logged_in(served: Served, terminal: Terminal) -> None:
    terminal.target(served.url, proof="login")

    assert completed("planster sync in", terminal) == []


def test_a_reader_that_has_seen_enough_ends_the_command_quietly() -> None:
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"{sys.executable} -m planster_cli model | head -1"],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": PYTHONPATH},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "# Data model\n"


def test_every_exit_code_has_its_meaning() -> None:
    assert list(MEANINGS) == list(Exit)


def test_the_page_about_the_command_line_is_up_to_date() -> None:
    """Put the output of `python -m planster_cli.manual` between the marks after a change of commands."""
    page = (ROOT / "docs/cli.md").read_text()

    assert page.split(BEGIN)[1].split(END)[0].strip() == manual.text().strip()
