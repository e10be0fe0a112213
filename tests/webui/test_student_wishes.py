"""Ranking companies: what is stored, who wins, what is refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event, select

from tests.webui.conftest import Clock, Visitor
from webui.operations import wishes
from webui.operations.log import SYSTEM, RefusedError, StaleError
from webui.store import Answer, Audit, CompanyRow, Database, EventRow, PreferenceRow, StudentRow

Open = Callable[[str], Visitor]
PART = {"X-Requested-With": "fetch"}


@pytest.fixture
def ana(open_link: Open) -> Visitor:
    return open_link("ana")


def pks(database: Database, *company_ids: str) -> list[int]:
    with database.reading() as session:
        found = {own.company_id: own.id for own in session.scalars(select(CompanyRow))}
    return [found[own] for own in company_ids]


def stored(database: Database, student: Visitor) -> list[str]:
    with database.reading() as session:
        return list(
            session.scalars(
                select(CompanyRow.company_id)
                .join(PreferenceRow, PreferenceRow.company_pk == CompanyRow.id)
                .where(PreferenceRow.student_pk == student.pk)
                .order_by(PreferenceRow.rank)
            )
        )


def row_of(database: Database, student: Visitor) -> StudentRow:
    with database.reading() as session:
        return session.get_one(StudentRow, student.pk)


def joined(numbers: list[int]) -> str:
    return ",".join(map(str, numbers))


def sent(database: Database, ranking: list[str], *, base: list[str], revision: int = 1) -> dict:
    return {
        "ranking": joined(pks(database, *ranking)),
        "base": joined(pks(database, *base)),
        "revision": revision,
    }


def test_a_ranking_is_saved_whole_with_its_history(
    ana: Visitor, database: Database, clock: Clock
) -> None:
    form = sent(database, ["software", "robots", "coffee"], base=["coffee", "robots"])
    answer = ana.post("/me/wishes", form, headers=PART)

    assert answer.get_json() == {"revision": 2, "said": "Saved 12:00"}
    assert stored(database, ana) == ["software", "robots", "coffee"]
    own = row_of(database, ana)
    assert (own.entered, own.answered_at) == (["wishes"], clock())
    with database.reading() as session:
        kept = session.scalars(select(Answer)).one()
        noted = session.scalars(select(Audit).where(Audit.action == "wishes.save")).one()
        own_event = session.get_one(EventRow, ana.event_pk)
    assert kept.content == {"wishes": pks(database, "software", "robots", "coffee")}
    assert (noted.actor_kind, noted.actor_id, noted.detail) == ("student", ana.pk, {"wishes": 3})
    assert own_event.revision == 2


def test_the_same_ranking_again_changes_nothing(ana: Visitor, database: Database) -> None:
    form = sent(database, ["robots"], base=["coffee", "robots"])
    first = ana.post("/me/wishes", form, headers=PART).get_json()
    again = ana.post("/me/wishes", form, headers=PART)

    assert again.status_code == 200
    assert again.get_json() == first
    with database.reading() as session:
        assert len(session.scalars(select(Answer)).all()) == 1


def test_a_stale_tab_is_shown_both_lists_and_its_choice_wins(
    ana: Visitor, database: Database
) -> None:
    base = ["coffee", "robots"]
    ana.post("/me/wishes", sent(database, ["software"], base=base))

    stale = ana.post("/me/wishes", sent(database, ["robots"], base=base), headers=PART)

    assert stale.status_code == 409
    text = stale.get_data(as_text=True)
    assert "Fjord Robotics" in text
    assert "Lime Software" in text
    assert stored(database, ana) == ["software"]
    kept = sent(database, ["robots"], base=["software"], revision=2)
    assert f'name="ranking" value="{kept["ranking"]}"' in text
    assert f'name="base" value="{kept["base"]}"' in text
    assert ana.post("/me/wishes", kept).status_code == 303
    assert stored(database, ana) == ["robots"]


def test_a_change_of_something_else_is_no_conflict(ana: Visitor, database: Database) -> None:
    with database.writing() as session:
        session.get_one(StudentRow, ana.pk).revision += 3
    form = sent(database, ["robots"], base=["coffee", "robots"], revision=1)
    assert ana.post("/me/wishes", form, headers=PART).status_code == 200


def test_two_tabs_at_once_have_one_winner(ana: Visitor, database: Database, clock: Clock) -> None:
    first, second = pks(database, "robots"), pks(database, "software")
    base = pks(database, "coffee", "robots")

    def save(ranking: list[int]) -> str:
        try:
            wishes.save_ranking(
                database,
                SYSTEM,
                clock(),
                student_pk=ana.pk,
                company_pks=ranking,
                revision=1,
                base=base,
            )
        except StaleError:
            return "stale"
        return "saved"

    with ThreadPoolExecutor(2) as pool:
        ended = list(pool.map(save, [first, second]))

    assert sorted(ended) == ["saved", "stale"]
    winner = "robots" if ended[0] == "saved" else "software"
    assert stored(database, ana) == [winner]


@pytest.mark.parametrize(
    ("action", "more", "expected"),
    [
        ("up", {}, ["robots", "coffee"]),
        ("to", {"place": "1"}, ["robots", "coffee"]),
        ("to", {"place": "99"}, ["coffee", "robots"]),
        ("down", {}, ["coffee", "robots"]),
        ("drop", {}, ["coffee"]),
    ],
)
def test_buttons_work_without_a_script(
    ana: Visitor, database: Database, action: str, more: dict[str, str], expected: list[str]
) -> None:
    form = {
        "company": pks(database, "robots")[0],
        "action": action,
        "base": joined(pks(database, "coffee", "robots")),
        "revision": 1,
        **more,
    }
    assert ana.post("/me/wishes/change", form).status_code == 303
    assert stored(database, ana) == expected


def test_adding_appends_once_and_removing_closes_the_gap(ana: Visitor, database: Database) -> None:
    (software,) = pks(database, "software")
    for _ in range(2):
        ana.post("/me/wishes/change", {"company": software, "action": "add"})
    assert stored(database, ana) == ["coffee", "robots", "software"]

    (coffee,) = pks(database, "coffee")
    answer = ana.post(
        "/me/wishes/change", {"company": coffee, "action": "drop"}, headers=PART
    ).get_json()
    assert list(answer["said"].values()) == ["Wish 1", "Wish 2"]
    assert stored(database, ana) == ["robots", "software"]


def test_the_limit_is_enforced_but_a_longer_list_can_be_sorted(
    ana: Visitor, database: Database
) -> None:
    with database.writing() as session:
        session.get_one(EventRow, ana.event_pk).wish_limit = 1
    (software,) = pks(database, "software")

    refused = ana.post("/me/wishes/change", {"company": software, "action": "add"}, headers=PART)

    assert refused.status_code == 422
    assert "Your list is full: 1 of 1. Remove a company" in refused.get_json()["error"]
    assert stored(database, ana) == ["coffee", "robots"]
    sorted_ = sent(database, ["robots", "coffee"], base=["coffee", "robots"])
    assert ana.post("/me/wishes", sorted_).status_code == 303
    assert "12:00. At most 1 wish." in " ".join(
        ana.get("/me/wishes").get_data(as_text=True).split()
    )
    companies = ana.get("/me/companies").get_data(as_text=True)
    assert companies.count("disabled>Add</button>") > 0
    assert ">Your list is full: 1 of 1</span>" in companies


@pytest.mark.parametrize("ranking", ["{0},{0}", "999999999", "{0},999999999"])
def test_unknown_and_doubled_companies_are_refused(
    ana: Visitor, database: Database, ranking: str
) -> None:
    text = ranking.format(pks(database, "software")[0])
    form = {"ranking": text, "base": joined(pks(database, "coffee", "robots")), "revision": 1}
    assert ana.post("/me/wishes", form).status_code == 422
    assert stored(database, ana) == ["coffee", "robots"]


@pytest.mark.parametrize(("hours", "says"), [(-48, "You can choose from"), (48, "Closed since")])
def test_outside_the_window_nothing_changes_and_the_ranking_is_shown(
    ana: Visitor, database: Database, clock: Clock, hours: int, says: str
) -> None:
    clock.pass_(hours=hours)
    form = sent(database, ["software"], base=["coffee", "robots"])
    assert ana.post("/me/wishes", form, headers=PART).status_code == 422
    assert ana.post("/me/submit").status_code == 422
    assert stored(database, ana) == ["coffee", "robots"]
    page = ana.get("/me/wishes").get_data(as_text=True)
    assert says in page
    assert "Café Brænd" in page
    assert "Submit</button>" not in page


def test_the_window_is_closed_from_its_last_moment_on(
    ana: Visitor, database: Database, clock: Clock
) -> None:
    clock.pass_(days=1)
    with pytest.raises(RefusedError, match="is over"):
        wishes.submit(database, SYSTEM, clock(), student_pk=ana.pk)
    clock.pass_(microseconds=-1)
    wishes.submit(database, SYSTEM, clock(), student_pk=ana.pk)
    assert row_of(database, ana).submitted_at == clock()


def test_submitting_says_until_when_and_later_changes_count(
    ana: Visitor, database: Database
) -> None:
    assert ana.post("/me/submit").status_code == 303
    page = ana.get("/me/wishes").get_data(as_text=True)
    assert "Submitted Mon 2 Nov 12:00." in page
    assert "You can change it until Tue 3 Nov 12:00" in page
    ana.post("/me/wishes", sent(database, ["robots"], base=["coffee", "robots"]))
    assert stored(database, ana) == ["robots"]
    assert row_of(database, ana).submitted_at == row_of(database, ana).answered_at


def test_wishes_of_the_office_are_told_until_the_first_own_save(
    ana: Visitor, database: Database, clock: Clock
) -> None:
    office = "The people who run the event have entered 2 wishes for you"
    assert f"{office}; change them as you like." in ana.get("/me").get_data(as_text=True)
    assert "You have not changed anything yet" in ana.get("/me/wishes").get_data(as_text=True)
    clock.pass_(days=2)
    assert f"{office}." in ana.get("/me").get_data(as_text=True)
    clock.pass_(days=-2)
    ana.post("/me/wishes", sent(database, ["robots"], base=["coffee", "robots"]))
    assert "You have 1 wish. It is saved." in ana.get("/me").get_data(as_text=True)


@pytest.mark.parametrize(
    ("spoken", "says"),
    [
        ("", "Your languages are not given."),
        ("da:A2; en:C1", "you have Danish A2."),
        ("en:C1; fr:B1", "you have English C1, French B1."),
    ],
)
def test_a_company_says_which_language_is_missing(
    ana: Visitor, database: Database, spoken: str, says: str
) -> None:
    with database.writing() as session:
        session.scalars(select(CompanyRow)).first().languages = "da:B1"  # type: ignore[union-attr]
        session.get_one(StudentRow, ana.pk).languages = spoken
    page = ana.get("/me/companies").get_data(as_text=True)
    assert page.count("Asks for Danish B1") == 1
    assert says in page


def test_who_fits_no_company_is_told_and_led_to_their_profile(
    ana: Visitor, database: Database
) -> None:
    with database.writing() as session:
        for company in session.scalars(select(CompanyRow)):
            company.languages = "da:B1"
        session.get_one(StudentRow, ana.pk).languages = "fr:B1"
    page = ana.get("/me/companies").get_data(as_text=True)
    assert "No company can meet you as you are registered" in page
    assert 'href="/me/about">Check your languages' in page


def test_submitting_without_wishes_is_refused(ana: Visitor, database: Database) -> None:
    ana.post("/me/wishes", sent(database, [], base=["coffee", "robots"]))
    answer = ana.post("/me/submit")
    assert answer.status_code == 422
    assert "Add at least one company" in answer.get_data(as_text=True)
    assert row_of(database, ana).submitted_at is None


def test_companies_are_filtered_and_refused_ones_say_why(
    open_link: Open, database: Database
) -> None:
    bilal = open_link("bilal")
    with database.writing() as session:
        own = session.scalars(select(CompanyRow).where(CompanyRow.company_id == "coffee")).one()
        own.languages, own.website = "da:B1", "https://braend.example/"
        own.positions = "internship"
    page = bilal.get("/me/companies").get_data(as_text=True)
    assert "Asks for Danish B1; you have" in page
    assert 'href="https://braend.example/" rel="noreferrer noopener"' in page
    filtered = bilal.get("/me/companies?language=mine").get_data(as_text=True)
    assert "2 of 3 companies" in filtered
    assert "1 of 3" in bilal.get("/me/companies?position=internship").get_data(as_text=True)
    assert "No company fits" in bilal.get("/me/companies?name=zzz").get_data(as_text=True)


def test_a_save_takes_few_statements(ana: Visitor, database: Database) -> None:
    seen: list[str] = []

    def count(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", count)
    try:
        form = sent(database, ["software", "robots"], base=["coffee", "robots"])
        token = ana.browser.token()
        seen.clear()
        ana.browser.client.post("/me/wishes", data={**form, "csrf_token": token}, headers=PART)
    finally:
        event.remove(database.engine, "before_cursor_execute", count)
    assert len(seen) <= 15, seen


def test_another_student_sees_none_of_it(open_link: Open, database: Database) -> None:
    ana, bilal = open_link("ana"), open_link("bilal")
    bilal.post("/me/wishes", sent(database, ["coffee"], base=["robots", "software"]))
    assert stored(database, bilal) == ["coffee"]
    assert stored(database, ana) == ["coffee", "robots"]
    assert "Ana Sousa" not in bilal.get("/me/data").get_data(as_text=True)


def test_a_closed_window_by_days_is_told_in_the_events_zone(
    ana: Visitor, database: Database, clock: Clock
) -> None:
    with database.writing() as session:
        own = session.get_one(EventRow, ana.event_pk)
        own.timezone = "America/New_York"
        own.closes_at = clock() + dt.timedelta(hours=2)
    assert "until Mon 2 Nov 08:00" in ana.get("/me/wishes").get_data(as_text=True)
