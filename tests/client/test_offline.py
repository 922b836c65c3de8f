"""The commands that need no API, run as a person runs them."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest

from planster_cli.main import main
from planster_sync.connectors import registry
from planster_sync.entry import documents

ROOT = Path(__file__).parents[2]
VENDORS = ROOT / "layers/connectors/python/planster_sync/connectors"
FIXTURES = ROOT / "tests/connectors/trackstar/fixtures"
ORDER = FIXTURES / "orders.json"
Capture = pytest.CaptureFixture[str]


def test_map_prints_the_records_of_one_data_type(capsys: Capture) -> None:
    code = main(["map", "--connector", "trackstar", "--data-type", "order_shipments", str(ORDER)])

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert code == 0
    assert [line["id"] for line in lines] == ["ord-88/s-9"]


def test_map_takes_pages_single_answers_and_bare_records(tmp_path: Path, capsys: Capture) -> None:
    record = ORDER.read_text()
    (tmp_path / "page.json").write_text(f'{{"data":[{record}],"next_token":null,"total_count":1}}')
    (tmp_path / "single.json").write_text(f'{{"data":{record}}}')
    files = [str(tmp_path / "page.json"), str(tmp_path / "single.json"), str(ORDER)]

    code = main(["map", "--connector", "trackstar", "--data-type", "orders", *files])

    lines = capsys.readouterr().out.splitlines()
    assert code == 0
    assert len(lines) == 3
    assert len(set(lines)) == 1


def test_map_reads_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(ORDER.read_bytes())))

    assert main(["map", "--connector", "trackstar", "--data-type", "order_channels", "-"]) == 0
    assert json.loads(capsys.readouterr().out) == {"id": "ch-5", "name": "Web shop North"}


def test_map_tells_what_went_to_quarantine_and_why(tmp_path: Path, capsys: Capture) -> None:
    page = tmp_path / "page.json"
    page.write_text('{"data":[{"id":"good"},{"id":"bad","onhand":"canary"}]}')

    code = main(["map", "--connector", "trackstar", "--data-type", "inventory_levels", str(page)])

    printed = capsys.readouterr()
    reason = json.loads(printed.err)
    assert code == 1
    assert json.loads(printed.out)["id"] == "good"
    assert (reason["source"], reason["code"], reason["path"]) == ("bad", "record_invalid", "onhand")
    assert "canary" not in printed.err


def test_map_names_a_bare_record_that_it_refuses(tmp_path: Path, capsys: Capture) -> None:
    record = tmp_path / "record.json"
    record.write_text('{"id":"bad","onhand":"many"}')

    assert main(["map", "--connector", "trackstar", "--data-type", "inventory_levels", str(record)]) == 1
    assert json.loads(capsys.readouterr().err)["source"] == "bad"


def test_map_obeys_the_settings_of_an_integration(tmp_path: Path, capsys: Capture) -> None:
    settings = tmp_path / "settings.json"
    settings.write_text('{"currency":"EUR"}')
    product = str(FIXTURES / "products.json")

    main(["map", "--connector", "trackstar", "--data-type", "products", "--settings", str(settings), product])

    assert json.loads(capsys.readouterr().out)["unit_price"] == {"amount": "29.9", "currency": "EUR"}


@pytest.mark.parametrize(
    "argv",
    [
        ["map", "--connector", "nobody", "--data-type", "orders", str(ORDER)],
        ["map", "--connector", "trackstar", "--data-type", "orders", "no/such/file"],
        ["map", "--connector", "trackstar", "--data-type", "orders", "--settings", str(ROOT / "README.md"), str(ORDER)],
        ["map", "--connector", "trackstar", "--data-type", "orders", "--settings", str(ORDER), str(ORDER)],
        ["connectors", "--connector", "nobody"],
    ],
    ids=["connector", "file", "settings-form", "settings-content", "coverage"],
)
def test_bad_usage_is_told_and_ends_with_2(argv: list[str], capsys: Capture) -> None:
    assert main(argv) == 2
    assert capsys.readouterr().err.startswith("planster: ")


@pytest.mark.parametrize("argv", [[], ["map"], ["map", "--connector", "trackstar", "--data-type", "moons", "-"]])
def test_a_command_line_that_cannot_be_read_ends_with_2(argv: list[str], capsys: Capture) -> None:
    assert main(argv) == 2


def test_connectors_are_shown_by_data_type_and_field(capsys: Capture) -> None:
    assert main(["connectors"]) == 0

    lines = capsys.readouterr().out.splitlines()
    place = lines[0].split().index("trackstar") + 1
    rows = {line.split("  ")[0]: re.split(r" {2,}", line) for line in lines if line}
    assert rows["orders"][place].startswith("incremental ")
    assert rows["order_shipments"][place].startswith("incremental+ ")
    assert rows["orders.status"][place] == "yes"
    assert rows["bills.due_at"][place] == "-"


def test_the_connector_reference_is_up_to_date(capsys: Capture) -> None:
    """Run `planster connectors --markdown > docs/connectors.md` after a change of capabilities."""
    main(["connectors", "--markdown"])

    assert (ROOT / "docs/connectors.md").read_text() == capsys.readouterr().out


def test_the_data_model_reference_is_up_to_date(capsys: Capture) -> None:
    """Run `planster model > docs/data-model.md` after a change of the model."""
    main(["model"])

    assert (ROOT / "docs/data-model.md").read_text() == capsys.readouterr().out


@pytest.mark.parametrize("name", registry.names())
def test_a_vendors_readme_shows_its_declared_coverage(name: str, capsys: Capture) -> None:
    """Put the output of `planster connectors --connector <name>` between the marks after a change of capabilities."""
    main(["connectors", "--connector", name])

    readme = (VENDORS / name / "README.md").read_text()
    assert readme.split(documents.BEGIN)[1].split(documents.END)[0].strip() == capsys.readouterr().out.strip()


def test_every_vendor_folder_is_registered() -> None:
    folders = {path.name for path in VENDORS.iterdir() if (path / "capabilities.py").exists()}

    assert folders == set(registry.names())
