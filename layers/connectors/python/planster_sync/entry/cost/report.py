"""The bill as people read it: two significant digits, because the profiles are no better than that."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from math import floor, log10

from planster_sync.entry.cost import facts
from planster_sync.entry.cost.bill import Model
from planster_sync.entry.cost.facts import Profile, ReadProfile
from planster_sync.entry.cost.usage import Writing

SMALLEST = 0.01
INTEGRATIONS = 1000


def _each_read(change: Callable[[ReadProfile], Mapping[str, object]]) -> Callable[[Profile], Profile]:
    def changed(profile: Profile) -> Profile:
        reads = {name: read.model_copy(update=dict(change(read))) for name, read in profile.reads.items()}
        return profile.model_copy(update={"reads": reads})

    return changed


LEVERS: Mapping[str, Callable[[Profile], Profile]] = {
    "twice as many records": _each_read(lambda read: {"records": 2 * read.records}),
    "twice the share of changed records": _each_read(lambda read: {"changed": min(2 * read.changed, 1)}),
    "records of twice the size": _each_read(lambda read: {"bytes": min(2 * read.bytes, 400 * 1024)}),
    "a vendor that answers half as fast": lambda profile: profile.model_copy(
        update={"answer_seconds": 2 * profile.answer_seconds}
    ),
    "two nights a day": lambda profile: profile.model_copy(update={"nights": 2 * profile.nights}),
    "twice as many syncs by hand": lambda profile: profile.model_copy(
        update={"manual_syncs": 2 * profile.manual_syncs}
    ),
    "every read complete, none incremental": _each_read(lambda _: {"incremental": False}),
}


def bill(model: Model, integrations: int) -> str:
    """What `planster cost` prints."""
    lines = [
        f"{integrations:,} integrations for a month, {model.prices.region}, prices of {model.prices.date}",
        f"Profile: {model.profile.about}.",
        f"Usage: {model.measured.source}",
        "",
    ]
    lines += [
        f"{money(line.dollars):>10}  {line.title}: {quantity(line.quantity)} {line.unit}"
        for line in model.lines(integrations)
    ]
    lines += [f"{money(model.dollars(integrations)):>10}  in all", "", "The same month elsewhere:"]
    lines += [f"{dollars:>10}  {title}" for title, dollars in _elsewhere(model, integrations)]
    lines += ["", "What moves it:"]
    lines += [f"{times:>10}  {title}" for title, times in _levers(model, integrations)]
    return _text(lines)


def tables(models: Mapping[str, Model]) -> str:
    """The generated part of docs/cost.md."""
    any_model = next(iter(models.values()))
    lines = [f"Dollars a month for {INTEGRATIONS:,} integrations; {any_model.measured.source}", ""]
    lines += _table("item", models, {name: _by_item(model) for name, model in models.items()})
    lines += ["", "The same month elsewhere:", ""]
    lines += _table("way", models, {name: dict(_elsewhere(model, INTEGRATIONS)) for name, model in models.items()})
    lines += ["", "What moves the bill:", ""]
    lines += _table(
        "if there were", models, {name: dict(_levers(model, INTEGRATIONS)) for name, model in models.items()}
    )
    lines += ["", *_prices(any_model)]
    return _text(lines)


def money(dollars: float) -> str:
    return "under $0.01" if 0 < dollars < SMALLEST else f"${quantity(dollars)}"


def quantity(number: float) -> str:
    """Two significant digits, so that nobody takes an estimate for a measurement."""
    if number == 0:
        return "0"
    digits = 1 - floor(log10(abs(number)))
    return f"{round(number, digits):,.{max(digits, 0)}f}"


def model_of(profile: str) -> Model:
    """For a profile by its name, or by its file.

    Raises:
        SettingsInvalid: the file is no profile.
        OSError: there is no such file.
    """
    return Model(facts.profile(profile), facts.measured(), facts.prices())


def all_models() -> dict[str, Model]:
    """One for each profile that comes along."""
    return {name: model_of(name) for name in facts.PROFILES}


def _by_item(model: Model) -> dict[str, str]:
    lines = {line.title: money(line.dollars) for line in model.lines(INTEGRATIONS)}
    return {**lines, "in all": money(model.dollars(INTEGRATIONS))}


def _elsewhere(model: Model, integrations: int) -> Iterator[tuple[str, str]]:
    yield "this service", money(model.dollars(integrations))
    yield "blind upserts into the same table", money(model.dollars(integrations, Writing.BLIND))
    without = model.dollars(integrations, Writing.BLIND_WITHOUT_INDEXES)
    yield "blind upserts into a table without indexes", money(without)
    for other in model.prices.alternatives:
        yield other.title, money(model.alternative(other, integrations))


def _levers(model: Model, integrations: int) -> Iterator[tuple[str, str]]:
    for title, change in LEVERS.items():
        yield title, f"{model.moved_by(change, integrations):.2f} times"


def _prices(model: Model) -> Iterator[str]:
    yield f"Prices of {model.prices.date}, {model.prices.region}:"
    yield ""
    yield from _row("item", "dollars", "per", "confidence", "source")
    yield from _row(*["---"] * 5)
    for price in model.prices.items.values():
        per = f"{price.per:,.0f} {price.unit}"
        yield from _row(price.title, f"{price.dollars:g}", per, price.confidence, price.source)
    for other in model.prices.alternatives:
        yield from _row(other.title, _terms(other), "", other.confidence, f"{other.source} ({other.date})")


def _terms(other: facts.Alternative) -> str:
    terms = [f"{other.dollars_per_month:g} a month"]
    terms += [f"{other.included_integrations} integrations included"] if other.included_integrations else []
    terms += [f"{other.dollars_per_integration:g} an integration"] if other.dollars_per_integration else []
    terms += [f"{other.dollars_per_million_rows:g} a million rows"] if other.dollars_per_million_rows else []
    return ", ".join(terms)


def _table(head: str, models: Mapping[str, Model], columns: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    yield from _row(head, *models)
    yield from _row("---", *["---:"] * len(models))
    titles = dict.fromkeys(title for column in columns.values() for title in column)
    for title in [*(title for title in titles if title != "in all"), *(["in all"] if "in all" in titles else [])]:
        yield from _row(title, *(column.get(title, "-") for column in columns.values()))


def _row(*cells: str) -> Iterator[str]:
    yield f"| {' | '.join(cells)} |"


def _text(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"
