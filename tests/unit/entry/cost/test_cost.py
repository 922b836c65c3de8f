"""The bill: what it must obey whatever the profile, and what the command prints."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planster_cli.main import main
from planster_sync.entry.cost import facts, report
from planster_sync.entry.cost.bill import Model
from planster_sync.entry.cost.facts import PROFILES, Profile, ReadProfile
from planster_sync.entry.cost.usage import Writing, of_integration, rows_moved
from planster_sync.entry.documents import BEGIN, END

ROOT = Path(__file__).parents[4]
MEASURED, PRICES = facts.measured(), facts.prices()
SHARES = st.floats(0, 0.5)
READS = st.builds(
    ReadProfile,
    records=st.integers(0, 3_000_000),
    bytes=st.integers(1, 20_000),
    changed=SHARES,
    created=st.floats(0, 0.2),
    deleted=st.floats(0, 0.2),
    outputs=st.floats(1, 5),
    incremental=st.booleans(),
    sku=st.booleans(),
)
LARGER_READS = READS.filter(lambda read: read.records >= 100)


def _profiles(reads: st.SearchStrategy[ReadProfile]) -> st.SearchStrategy[Profile]:
    return st.builds(
        Profile,
        about=st.just("any"),
        nights=st.integers(0, 60),
        page_size=st.integers(1, 1000),
        answer_seconds=st.floats(0, 5),
        snapshot_days=st.integers(1, 30),
        first_loads=st.floats(0, 1),
        manual_syncs=st.integers(0, 100),
        manual_reads=st.just(("orders",)),
        api_requests=st.integers(0, 10_000),
        active_hours=st.floats(0, 24),
        reads=st.dictionaries(st.sampled_from(["orders", "products", "returns"]), reads, min_size=1),
    )


def _model(profile: Profile) -> Model:
    return Model(profile, MEASURED, PRICES)


@given(_profiles(READS), st.integers(0, 100_000))
def test_each_integration_adds_the_same(profile: Profile, integrations: int) -> None:
    model = _model(profile)
    fixed, each = model.dollars(0), model.dollars(1) - model.dollars(0)

    assert model.dollars(integrations) == pytest.approx(fixed + integrations * each)


@given(_profiles(READS))
def test_nothing_on_the_bill_is_negative(profile: Profile) -> None:
    assert all(line.dollars >= 0 and line.quantity >= 0 for line in _model(profile).lines(7))


@given(_profiles(READS))
def test_without_nights_syncs_and_calls_only_what_is_kept_costs_anything(profile: Profile) -> None:
    idle = profile.model_copy(update={"nights": 0, "manual_syncs": 0, "first_loads": 0, "api_requests": 0})

    used = {name for name, quantity in of_integration(idle, MEASURED).items() if quantity}

    assert used <= {"dynamodb_gb_month", "dynamodb_backup_gb_month", "s3_gb_month"}


@given(_profiles(LARGER_READS))
def test_blind_upserts_are_never_cheaper_once_a_read_holds_a_hundred_records(profile: Profile) -> None:
    """Below that the fingerprint index, an object in S3, can cost more than the writes that it spares."""
    complete = {
        name: read.model_copy(update={"incremental": False, "deleted": 0}) for name, read in profile.reads.items()
    }
    model = _model(profile.model_copy(update={"reads": complete, "nights": profile.nights + 1}))

    assert model.dollars(1, Writing.BLIND) >= model.dollars(1) * (1 - 1e-9)


@given(_profiles(READS), st.floats(1, 3))
def test_more_records_never_cost_less(profile: Profile, times: float) -> None:
    larger = {name: read.model_copy(update={"records": read.records * times}) for name, read in profile.reads.items()}

    assert _model(profile.model_copy(update={"reads": larger})).dollars(1) >= _model(profile).dollars(1) - 1e-9


@given(_profiles(READS))
def test_an_incremental_read_moves_no_more_rows_than_a_complete_one(profile: Profile) -> None:
    complete = {name: read.model_copy(update={"incremental": False}) for name, read in profile.reads.items()}

    assert rows_moved(profile) <= rows_moved(profile.model_copy(update={"reads": complete})) * (1 + 1e-9)


@pytest.mark.parametrize("name", PROFILES)
def test_everything_that_is_used_has_a_price(name: str) -> None:
    used = {*of_integration(facts.profile(name), MEASURED), *MEASURED.month, *MEASURED.tick}

    assert used <= set(PRICES.items)


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0"), (0.0123, "0.012"), (1.26, "1.3"), (12.6, "13"), (1234.5, "1,200"), (99.9, "100")]
)
def test_numbers_have_two_significant_digits(number: float, text: str) -> None:
    assert report.quantity(number) == text


def test_the_command_prints_the_bill_of_a_profile(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cost", "--integrations", "1000", "--profile", "small"]) == 0

    printed = capsys.readouterr().out
    assert "1,000 integrations" in printed
    assert "DynamoDB, write units" in printed
    assert "blind upserts" in printed


def test_the_command_takes_a_profile_of_ones_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = tmp_path / "own.toml"
    own.write_text((facts.HERE / "profiles" / "small.toml").read_text().replace("A young brand", "A museum shop"))

    assert main(["cost", "--profile", str(own)]) == 0
    assert "A museum shop" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ('about = "none"', "nights: Field required"),
        ("[[[", "not TOML"),
        ("manual_reads", "not TOML"),
    ],
)
def test_a_file_that_is_no_profile_is_refused_with_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: str, named: str
) -> None:
    (tmp_path / "own.toml").write_text(wrong)

    assert main(["cost", "--profile", str(tmp_path / "own.toml")]) == 2
    assert named in capsys.readouterr().err


def test_a_sync_by_hand_of_a_read_that_is_not_there_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "own.toml"
    small = (facts.HERE / "profiles" / "small.toml").read_text()
    own.write_text(small.replace('manual_reads = ["inventory_levels"', 'manual_reads = ["stock"'))

    assert main(["cost", "--profile", str(own)]) == 2
    assert "manual_reads names stock" in capsys.readouterr().err


@pytest.mark.parametrize("number", ["-1", "many", "1.5"])
def test_a_number_of_integrations_that_is_none_is_bad_usage(number: str) -> None:
    assert main(["cost", "--integrations", number]) == 2


def test_the_page_about_cost_holds_the_tables_that_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    main(["cost", "--markdown"])

    page = (ROOT / "docs" / "cost.md").read_text()
    generated = page.partition(BEGIN)[2].partition(END)[0]
    assert generated.strip() == capsys.readouterr().out.strip()
