"""Two at once: exactly one is stored and the other is told; pressed twice has one effect."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.webui.conftest import Browser, Clock, Visitor
from tests.webui.publishing import solve_and_use, working
from tests.webui.test_events import NEW
from webui.operations import answering, events, links, previews, publishing, wishes
from webui.operations.accounts import Colleague
from webui.store import (
    Answer,
    Audit,
    CompanyRow,
    Database,
    EventRow,
    MeetingRow,
    PreferenceRow,
    StudentRow,
    TimetableRow,
    Version,
)

__all__ = ["working"]

ROUNDS = 12
Form = dict[str, Any]
Forms = Callable[[Database, int], tuple[str, Form, Form]]
STORED, TOLD = (302, 303), 409


class Pair:
    """Two browsers that send at the same moment, again and again."""

    def __init__(self, app: Flask, *browsers: Browser) -> None:
        self.tokens = [(own, own.token()) for own in browsers]
        self.together = threading.Barrier(len(browsers))

    def send(self, address: str, *forms: Form, **more: Any) -> list[int]:
        """The status that each got."""

        def post(number: int) -> int:
            browser, token = self.tokens[number]
            self.together.wait(20)
            sent = {"csrf_token": token, **forms[number]}
            return int(browser.client.post(address, data=sent, **more).status_code)

        with ThreadPoolExecutor(len(forms)) as pool:
            return list(pool.map(post, range(len(forms))))


@pytest.fixture
def two(app: Flask, administrator: Colleague, join: Callable[..., Colleague]) -> Pair:
    """Two administrators."""
    browsers = [Browser(app), Browser(app)]
    other = join("other@au.dk", "administrator")
    for browser, who in zip(browsers, (administrator, other), strict=True):
        assert browser.sign_in(who.email).status_code == 302
    return Pair(app, *browsers)


def row_of(database: Database, kind: Any, **values: Any) -> Any:
    with database.reading() as session:
        return session.scalars(select(kind).filter_by(**values)).one()


def settings(database: Database, event_id: int) -> tuple[str, Form, Form]:
    form = {**NEW, "revision": row_of(database, EventRow, id=event_id).revision}
    return "set-up", {**form, "event.name": "Mine"}, {**form, "event.name": "Theirs"}


def window(database: Database, event_id: int) -> tuple[str, Form, Form]:
    row = row_of(database, EventRow, id=event_id)
    opens, limit = row.opens_at.isoformat() if row.opens_at else "", row.wish_limit or 0
    form = {"was": f"{opens}||{limit or ''}", "opens_at": "2026-11-03T08:00"}
    return "collect/window", {**form, "wish_limit": limit + 1}, {**form, "wish_limit": limit + 2}


def student(database: Database, event_id: int) -> tuple[str, Form, Form]:
    row = row_of(database, StudentRow, event_id=event_id, student_id="ana")
    form = {"student_id": "ana", "was": row.revision}
    return f"people/students/{row.id}", {**form, "name": "Mine"}, {**form, "name": "Theirs"}


def timetable(database: Database, event_id: int) -> tuple[str, Form, Form]:
    """One pins a student's meetings or frees them, the other a company's."""
    row = row_of(database, TimetableRow, event_id=event_id, is_working=True)
    with database.reading() as session:
        met = session.scalars(
            select(MeetingRow).where(MeetingRow.timetable_id == row.id).order_by(MeetingRow.id)
        ).all()
    revision = {"revision": row.revision}
    first, last = (
        {"kind": "remove", "student": own.student_pk, "company": own.company_pk}
        for own in (met[0], met[-1])
    )
    return "timetable/change", {**first, **revision}, {**last, **revision}


ALL = (settings, window, student, timetable)


def changes(database: Database) -> int:
    """Actions in the audit log."""
    with database.reading() as session:
        return session.scalar(select(func.count(Audit.id))) or 0


@pytest.mark.parametrize("forms", ALL)
def test_of_two_who_change_the_same_one_is_stored_and_one_is_told(
    database: Database, two: Pair, tiny: int, administrator: Colleague, forms: Forms
) -> None:
    rounds = ROUNDS
    if forms is timetable:
        solve_and_use(database, administrator, tiny)
        rounds = 4  # each takes a meeting away
    for _ in range(rounds):
        address, mine, theirs = forms(database, tiny)
        before = changes(database)
        first, second = sorted(two.send(f"/events/tiny/{address}", mine, theirs))
        assert (first in STORED, second) == (True, TOLD)
        assert changes(database) == before + 1


def test_without_looking_at_what_was_seen_both_would_be_stored(
    database: Database, two: Pair, tiny: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "settings_digest", lambda *_: "")
    address, mine, theirs = settings(database, tiny)
    assert two.send(f"/events/tiny/{address}", mine, theirs) == [302, 302]


def test_published_twice_at_once_is_one_version(
    database: Database, two: Pair, tiny: int, working: int
) -> None:
    for number in (1, 2, 3):
        seen = previews.preview(database, tiny)
        assert seen
        form = {"timetable": working, "revision": seen.revision, "number": number}
        assert two.send("/events/tiny/publish", form, form) == [303, 303]
        with database.writing() as session:
            stored = session.scalars(select(Version).order_by(Version.number)).all()
            assert [own.number for own in stored] == list(range(1, number + 1))
            assert sum(own.withdrawn_at is None for own in stored) == 1
            done = select(func.count(Audit.id)).where(Audit.action == "version.publish")
            assert session.scalar(done) == number
            session.delete(
                session.scalars(select(MeetingRow).filter_by(timetable_id=working)).first()
            )
            session.get_one(TimetableRow, working).revision += 1


def test_without_knowing_what_is_published_the_second_press_would_fail(
    database: Database, two: Pair, tiny: int, working: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "_is_done", lambda *_: False)
    form = {"timetable": working, "revision": 1, "number": 1}
    assert sorted(two.send("/events/tiny/publish", form, form)) == [303, 409]


# students


@pytest.fixture
def ana(open_link: Callable[[str], Visitor]) -> Visitor:
    return open_link("ana")


def twice(app: Flask, ana: Visitor) -> Pair:
    """The same browser, whose button is pressed twice."""
    return Pair(app, ana.browser, ana.browser)


def actions(database: Database) -> list[str]:
    with database.reading() as session:
        asked = select(Audit.action).where(
            Audit.actor_kind == "student", Audit.action != "link.open"
        )
        return list(session.scalars(asked.order_by(Audit.id)))


def test_submit_pressed_twice_submits_once(
    app: Flask, database: Database, ana: Visitor, clock: Clock
) -> None:
    assert twice(app, ana).send("/me/submit", {}, {}) == [303, 303]
    assert actions(database) == ["wishes.submit"]
    clock.pass_(minutes=5)
    ana.post("/me/submit")
    assert actions(database) == ["wishes.submit"]  # nothing was changed since
    company = row_of(database, CompanyRow, company_id="coffee").id
    ana.post("/me/wishes/change", {"company": company, "action": "drop"})
    clock.pass_(minutes=5)
    ana.post("/me/submit")
    assert actions(database)[-1] == "wishes.submit"
    assert row_of(database, StudentRow, id=ana.pk).submitted_at == clock()


def test_a_ranking_sent_twice_is_stored_once(app: Flask, database: Database, ana: Visitor) -> None:
    for order in ("robots,coffee", "coffee,robots", "robots,coffee"):
        with database.reading() as session:
            pks = {own.company_id: own.id for own in session.scalars(select(CompanyRow))}
            stored = session.scalars(
                select(PreferenceRow.company_pk)
                .where(PreferenceRow.student_pk == ana.pk)
                .order_by(PreferenceRow.rank)
            ).all()
            answers = session.scalar(select(func.count(Answer.id))) or 0
        form = {
            "ranking": ",".join(str(pks[own]) for own in order.split(",")),
            "base": ",".join(map(str, stored)),
            "revision": row_of(database, StudentRow, id=ana.pk).revision,
        }
        sent = twice(app, ana).send("/me/wishes", form, form)
        assert sent == [303, 303]
        with database.reading() as session:
            assert session.scalar(select(func.count(Answer.id))) == answers + 1


def test_without_comparing_a_ranking_sent_twice_would_be_stored_twice(
    app: Flask, database: Database, ana: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def save(database: Database, actor: Any, now: Any, **more: Any) -> Any:
        with database.writing_in_turn() as session:
            student, event = answering.own_rows(session, more["student_pk"], is_changing=True)
            wanted = tuple(more["company_pks"])
            stored = wishes.ranking_of(session, student.id)
            wishes._store(session, actor, now, student, event, stored, wanted)
            return wishes.Ranking(wanted, student.revision, now, event.timezone)

    monkeypatch.setattr(wishes, "save_ranking", save)
    form = {"ranking": str(row_of(database, CompanyRow, company_id="robots").id), "base": ""}
    assert twice(app, ana).send("/me/wishes", form, form) == [303, 303]
    with database.reading() as session:
        assert session.scalar(select(func.count(Answer.id))) == 2


def test_a_personal_link_is_opened_by_several_at_once(
    app: Flask, database: Database, tiny: int, clock: Clock
) -> None:
    """A mail scanner and the student, for the first time."""
    together = threading.Barrier(4)
    for student_id in ("ana", "bilal", "chiara"):
        with database.writing() as session:
            own = session.scalars(select(StudentRow).filter_by(student_id=student_id)).one()
            token = links.make_link(session, clock(), own, session.get_one(EventRow, tiny))

        def visit(_: int, token: str = token) -> int:
            together.wait(20)
            return int(Browser(app).get(f"/s/{token}").status_code)

        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(visit, range(4))) == [303] * 4
