"""A vendor's lists: rendered from the business, kept up with it, and never at the cost of what was put in."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from simulators.business.articles import articles
from simulators.business.business import Business
from simulators.business.lists import Lists
from simulators.business.spec import BusinessSpec, Record
from simulators.business.view import TextStamp, Unstamped, View, by_id

BASE = datetime(2026, 3, 1, tzinfo=UTC)
FIRST_DAY = BASE + timedelta(days=1, hours=3)
PRAGUE = TextStamp("log.modified", "%d.%m.%Y %H:%M:%S", ZoneInfo("Europe/Prague"))


def _stock(business: Business) -> Iterator[Record]:
    """One row per SKU and warehouse, as one vendor has it."""
    for item in business.records("inventory"):
        for warehouse, stock in item["inventory_by_warehouse_id"].items():
            row = {"id": f"{item['number']:06d}@{warehouse}", "code": item["sku"], "place": warehouse}
            yield {**row, "pieces": stock["onhand"], "reserved": stock["committed"]}


def _articles(business: Business) -> Iterator[Record]:
    """Articles with their stock inside, as another vendor has it."""
    for article in articles(business):
        houses = [{"house": house, "qty": stock["onhand"]} for house, stock in article.stock.items()]
        record: Record = {"id": article.number, "sku": article.sku, "name": article.name, "note": "", "active": True}
        yield {**record, "houses": houses, "log": {"modified": "01.01.2026 00:00:00"}}


def _inactive(record: Record) -> Record:
    return {**record, "active": False}


VIEWS = {
    "stock": View(_stock, by_id),
    "articles": View(_articles, by_id, PRAGUE),
    "kept": View(_articles, by_id, PRAGUE, gone=_inactive),
}


def _lists(seed: int = 1, size: int = 200) -> Lists:
    return Lists(VIEWS, BusinessSpec(seed, size), BASE)


def _plain(record: Record) -> Record:
    return {name: value for name, value in record.items() if name != "log"}


def _fresh(days: int) -> Business:
    business = Business(BusinessSpec(1, 200), BASE)
    for number in range(days):
        business.advance(FIRST_DAY + timedelta(days=number))
    return business


def test_two_vendors_show_the_same_quantities_day_by_day() -> None:
    one, other = _lists(), _lists()

    for day in range(5):
        rows = [(row["code"], row["place"], row["pieces"]) for row in one["stock"].records() if row["code"]]
        inside = [
            (article["sku"], place["house"], place["qty"])
            for article in other["articles"].records()
            for place in article["houses"]
            if article["sku"]
        ]
        assert sorted(rows) == sorted(inside)
        for lists in (one, other):
            lists.advance(FIRST_DAY + timedelta(days=day))


def test_list_follows_the_business_and_stamps_only_what_changed() -> None:
    lists = _lists()
    before = {record["id"]: record for record in lists["articles"].records()}

    lists.advance(FIRST_DAY)
    after = {record["id"]: record for record in lists["articles"].records()}

    expected = {record["id"]: record for record in _articles(_fresh(1))}
    assert {key: _plain(record) for key, record in after.items()} == {
        key: _plain(record) for key, record in expected.items()
    }
    changed = {key for key, record in after.items() if key not in before or _plain(before[key]) != _plain(record)}
    assert 0 < len(changed) < 20
    assert {key for key, record in after.items() if record["log"]["modified"] == "02.03.2026 04:00:00"} == changed
    assert [record["id"] for record in lists["articles"].changed_since(FIRST_DAY)] == sorted(changed)
    assert lists["articles"].changed_since(FIRST_DAY + timedelta(seconds=1)) == []


def test_day_comes_out_the_same_whoever_looked_before() -> None:
    watched, unwatched = _lists(), _lists()
    watched["articles"].records()

    for lists in (watched, unwatched):
        lists.advance(FIRST_DAY)
        lists.advance(FIRST_DAY + timedelta(days=1))

    assert watched["articles"].records() == unwatched["articles"].records()
    assert watched.day == 2


def test_what_was_put_in_survives_a_day() -> None:
    lists, twin = _lists(), _lists()
    articles_list = lists["articles"]
    twin.advance(FIRST_DAY)
    touched = twin["articles"].changed_since(FIRST_DAY)
    changing = next(record["id"] for record in touched if articles_list.get(record["id"]) is not None)
    number = lists.next_number("articles")
    articles_list.put({"id": number, "sku": "OWN", "name": "Written"}, BASE)
    for key in (changing, next(record["id"] for record in articles_list.records() if record not in touched)):
        record = articles_list.get(key)
        assert record is not None
        articles_list.put({**record, "note": "by hand"})

    lists.advance(FIRST_DAY)

    noted = [record for record in articles_list.records() if record.get("note") == "by hand"]
    assert len(noted) == 2
    own = articles_list.get(number)
    assert own is not None
    assert own["log"]["modified"] == "01.03.2026 01:00:00"
    fresh, seen = twin["articles"].get(changing), articles_list.get(changing)
    assert fresh is not None
    assert seen == {**fresh, "note": "by hand"}


def test_deleted_record_stays_deleted_though_its_article_changes() -> None:
    lists, twin = _lists(), _lists()
    twin.advance(FIRST_DAY)
    changing = [record["id"] for record in twin["articles"].changed_since(FIRST_DAY)]
    known = [key for key in changing if lists["articles"].get(key) is not None]
    for key in known:
        lists["articles"].drop(key, BASE)

    lists.advance(FIRST_DAY)

    assert known
    assert [key for key in known if lists["articles"].get(key) is not None] == []
    assert set(map(str, known)) <= set(lists["articles"].vanished_since(BASE))


def test_vanished_record_is_gone_or_marked_as_the_vendor_does() -> None:
    lists = _lists()
    before = {record["id"] for record in lists["stock"].records()}

    for day in range(6):
        lists.advance(FIRST_DAY + timedelta(days=day))

    gone = {key for key in before if lists["stock"].get(key) is None}
    inactive = [record for record in lists["kept"].records() if not record["active"]]
    assert gone
    assert gone <= set(lists["stock"].vanished_since(FIRST_DAY))
    assert {record["id"] for record in inactive} == {int(key) for key in lists["articles"].vanished_since(FIRST_DAY)}
    assert all(record in lists["kept"].changed_since(FIRST_DAY) for record in inactive)


def test_copies_can_be_changed_without_changing_the_list() -> None:
    articles_list = _lists()["articles"]
    copied = articles_list.get(0)
    assert copied is not None

    copied["houses"].append({"house": "nowhere", "qty": 1})

    assert articles_list.get(0) != copied
    assert articles_list.get("0") == articles_list.get(0)


def test_own_numbers_are_counted_per_name_and_above_every_business_number() -> None:
    lists = _lists()

    numbers = [lists.next_number("articles"), lists.next_number("articles"), lists.next_number("stock")]

    assert numbers == [1_000_000, 1_000_001, 1_000_000]
    assert lists.counts() == {}


def test_writers_at_the_same_time_get_different_numbers_and_lose_nothing() -> None:
    lists = _lists(size=20)
    before = len(lists["stock"])

    def write(_: int) -> int:
        with lists.alone():
            number = lists.next_number("stock")
            lists["stock"].put({"id": str(number), "code": None})
        return number

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(write, range(200)))

    assert len(set(numbers)) == 200
    assert len(lists["stock"].records()) == before + 200


def test_stamp_reads_what_it_wrote_in_its_zone_summer_time_included() -> None:
    record: Record = {}
    summer = datetime(2026, 7, 1, 12, tzinfo=UTC)

    PRAGUE.write(record, summer)

    assert record == {"log": {"modified": "01.07.2026 14:00:00"}}
    assert PRAGUE.read(record) == summer
    assert PRAGUE.read({"log": None}) is None
    assert Unstamped().read(record) is None
