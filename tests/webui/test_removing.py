"""A deletion undone: everything as it was, but for what has no place any more."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.webui.conftest import Browser, Clock
from tests.webui.publishing import keep, look, publish, solve_and_use
from webui.operations import copying, deleting, people, removing, versions
from webui.operations.accounts import Colleague
from webui.operations.log import NotFoundError, RefusedError
from webui.operations.steps import progress_of
from webui.store import (
    AbsenceRow,
    Answer,
    Base,
    CompanyRow,
    Consent,
    Cv,
    Database,
    DecisionRow,
    EventRow,
    LinkSession,
    MeetingRow,
    PersonalLink,
    PreferenceRow,
    Removed,
    RoomRow,
    StudentRow,
    TimetableRow,
)

BESIDE = {"audit", "event", "removed"}


@pytest.fixture
def own(database: Database, tiny: int, administrator: Colleague, clock: Clock) -> Any:
    """The tiny event, published, with a student who has a row in every table."""
    solve_and_use(database, administrator, tiny)
    publish(database, administrator, tiny)
    with database.writing() as session:
        ana = session.scalars(select(StudentRow).where(StudentRow.student_id == "ana")).one().id
        coffee = session.scalars(select(CompanyRow).where(CompanyRow.company_id == "coffee"))
        link = PersonalLink(
            student_pk=ana, token_sha256="a" * 64, created_at=clock(), expires_at=clock()
        )
        session.add_all(
            [
                AbsenceRow(event_id=tiny, student_pk=ana, start_min=780, end_min=790),
                DecisionRow(
                    event_id=tiny,
                    kind="pin",
                    student_pk=ana,
                    company_pk=coffee.one().id,
                    reason="asked",
                ),
                Answer(student_pk=ana, saved_at=clock(), content={"wishes": [1]}),
                Consent(student_pk=ana, purpose="cv", given_at=clock()),
                Cv(student_pk=ana, uploaded_at=clock(), content=b"%PDF-\xff"),
                link,
            ]
        )
        session.flush()
        session.add(LinkSession(link_id=link.id, token_sha256="b" * 64, created_at=clock()))
    return Undo(database, administrator, clock, tiny)


class Undo:
    """Deletes and brings back."""

    def __init__(
        self, database: Database, administrator: Colleague, clock: Clock, tiny: int
    ) -> None:
        self.database, self.actor, self.clock, self.pk = database, administrator.actor, clock, tiny

    def row(self, kind: Any, own_id: str) -> int:
        column = {CompanyRow: "company_id", StudentRow: "student_id", RoomRow: "room_id"}[kind]
        with self.database.reading() as session:
            return session.scalars(select(kind.id).where(getattr(kind, column) == own_id)).one()

    def delete(self, name: str, pk: int) -> int:
        line = people.line_of(self.database, event_pk=self.pk, name=name, pk=pk)
        assert line
        return deleting.delete_row(
            self.database,
            self.actor,
            self.clock(),
            event_pk=self.pk,
            name=name,
            pk=pk,
            was=line.was,
            title="T",
        )

    def undo(self, removed: int) -> removing.Restored:
        return removing.bring_back(
            self.database, self.actor, self.clock(), event_pk=self.pk, removed_id=removed
        )

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        with self.database.reading() as session:
            return {
                table.name: sorted(map(repr, session.execute(select(table)).all()))  # type: ignore[misc]  # texts compare
                for table in Base.metadata.sorted_tables
                if table.name not in BESIDE
            }

    def count(self, kind: Any) -> int:
        with self.database.reading() as session:
            return session.scalar(select(func.count()).select_from(kind)) or 0


@pytest.mark.parametrize(
    ("name", "kind", "own_id"),
    [
        ("students", StudentRow, "ana"),
        ("companies", CompanyRow, "coffee"),
        ("rooms", RoomRow, "hall"),
        ("wishes", StudentRow, "ana"),
    ],
)
def test_a_deleted_row_comes_back_whole(own: Undo, name: str, kind: Any, own_id: str) -> None:
    before = own.everything()
    pk = own.row(kind, own_id)

    removed = own.delete(name, pk)
    gone = own.everything()
    assert own.undo(removed).meetings_left == 0

    after = own.everything()
    assert gone != before
    lists = {"student", "company"}  # their revisions count the changes
    assert {k: v for k, v in after.items() if k not in lists} == {
        k: v for k, v in before.items() if k not in lists
    }
    assert own.row(kind, own_id) == pk
    with pytest.raises(NotFoundError):
        own.undo(removed)


@pytest.mark.parametrize("kind", [DecisionRow, AbsenceRow])
def test_a_deleted_reference_comes_back(own: Undo, kind: Any) -> None:
    with own.database.reading() as session:
        pk = session.scalars(select(kind.id)).one()
    name = {DecisionRow: "decisions", AbsenceRow: "unavailable"}[kind]
    before = own.everything()
    own.undo(own.delete(name, pk))
    assert own.everything() == before


def test_a_deletion_takes_the_published_meetings_and_the_page_says_so(
    own: Undo, staff: Browser
) -> None:
    pk = own.row(CompanyRow, "coffee")
    page = staff.get(f"/events/tiny/people/companies/{pk}/delete").get_data(as_text=True)
    assert "disappear from students" in page or "disappears from students" in page
    assert "of the timetable you work on" in page
    assert "all of it comes back" in page


def test_a_version_is_compared_as_it_was_published(
    own: Undo, database: Database, administrator: Colleague
) -> None:
    coffee, ana = own.row(CompanyRow, "coffee"), own.row(StudentRow, "ana")
    with database.reading() as session:
        asked = select(StudentRow.name).join(MeetingRow, MeetingRow.student_pk == StudentRow.id)
        there = asked.join(TimetableRow, TimetableRow.id == MeetingRow.timetable_id)
        there = there.where(MeetingRow.company_pk == coffee, TimetableRow.is_working)
        met = set(session.scalars(there))
    removed = own.delete("companies", coffee)
    keep(database, administrator, own.pk)
    with database.reading() as session:
        event = session.get_one(EventRow, own.pk)
    assert progress_of(database, event, own.clock()).steps["publish"].is_waiting
    with database.writing() as session:  # another company may get the row's number
        session.add(CompanyRow(event_id=own.pk, company_id="tea", name="Tea", position=9))
    seen = look(database, own.pk)
    assert not seen.is_published
    assert {person.name for person in seen.difference.students} == met
    assert [person.name for person in seen.difference.companies] == ["Café Brænd"]
    assert seen.difference.counts == {"moved": 0, "gained": 0, "lost": len(met)}
    assert versions.history(database, own.pk)[0].meetings == 9
    gone = own.delete("students", ana)
    assert met <= {person.name for person in look(database, own.pk).difference.students}
    own.undo(gone)
    own.undo(removed)
    seen = look(database, own.pk)  # it was kept meanwhile, so its meetings did not come back
    assert {person.name for person in seen.difference.students} == met
    assert [person.pk for person in seen.difference.companies] == [own.row(CompanyRow, "coffee")]


def test_meetings_stay_away_from_a_timetable_that_was_changed(own: Undo) -> None:
    before = own.count(MeetingRow)
    removed = own.delete("students", own.row(StudentRow, "ana"))
    with own.database.writing() as session:
        working = session.scalars(select(TimetableRow).where(TimetableRow.is_working)).one()
        working.revision += 1
        pk = working.id
    left = own.undo(removed).meetings_left
    assert left > 0
    assert own.count(MeetingRow) == before - left
    with own.database.reading() as session:
        student = own.row(StudentRow, "ana")
        asked = select(MeetingRow.timetable_id).where(MeetingRow.student_pk == student)
        assert pk not in set(session.scalars(asked))


def test_what_was_deleted_since_stays_away_and_the_rest_comes_back(own: Undo) -> None:
    ana = own.delete("students", own.row(StudentRow, "ana"))
    own.delete("companies", own.row(CompanyRow, "coffee"))
    own.undo(ana)
    with own.database.reading() as session:
        asked = select(PreferenceRow.rank).where(
            PreferenceRow.student_pk == own.row(StudentRow, "ana")
        )
        assert list(session.scalars(asked)) == [2]


def test_a_wish_whose_rank_is_taken_comes_back_as_the_last(own: Undo) -> None:
    removed = own.delete("companies", own.row(CompanyRow, "coffee"))
    ana = own.row(StudentRow, "ana")
    with own.database.writing() as session:
        asked = select(PreferenceRow).where(PreferenceRow.student_pk == ana)
        session.scalars(asked).one().rank = 1
    own.undo(removed)
    with own.database.reading() as session:
        asked = select(PreferenceRow).where(PreferenceRow.student_pk == ana)
        ranks = {wish.company_pk: wish.rank for wish in session.scalars(asked)}
    assert ranks[own.row(CompanyRow, "coffee")] == 2


def test_a_deleted_row_whose_id_is_used_again_is_refused(own: Undo) -> None:
    removed = own.delete("students", own.row(StudentRow, "ana"))
    with own.database.writing() as session:
        session.add(StudentRow(event_id=own.pk, position=9, student_id="ana", name="Other"))
    before = own.everything()
    with pytest.raises(RefusedError, match="has this id now"):
        own.undo(removed)
    assert own.everything() == before
    assert own.count(Removed) == 1


def test_wishes_do_not_come_back_over_others(own: Undo) -> None:
    ana = own.row(StudentRow, "ana")
    removed = own.delete("wishes", ana)
    with own.database.writing() as session:
        session.add(
            PreferenceRow(
                event_id=own.pk,
                student_pk=ana,
                company_pk=own.row(CompanyRow, "software"),
                rank=1,
            )
        )
    with pytest.raises(RefusedError, match="other wishes"):
        own.undo(removed)


@pytest.mark.parametrize("how", ["archived", "over", "erased"])
def test_what_was_deleted_is_forgotten(own: Undo, staff: Browser, how: str) -> None:
    removed = own.delete("students", own.row(StudentRow, "ana"))
    assert "Bring back" in staff.get("/events/tiny/people/deleted").get_data(as_text=True)
    if how == "archived":
        copying.archive(own.database, own.actor, own.clock(), event_pk=own.pk, is_archived=True)
    elif how == "over":
        with own.database.writing() as session:
            day = session.get_one(EventRow, own.pk).date
        late = dt.datetime.combine(day, dt.time(12), dt.UTC) + dt.timedelta(days=1)
        removing.forget_removed(own.database, late - dt.timedelta(days=1))
        assert own.count(Removed) == 1
        removing.forget_removed(own.database, late)
    else:
        staff.post(f"/events/tiny/people/deleted/{removed}/erase")
    assert own.count(Removed) == 0


def test_the_wishes_of_somebody_gone_reach_nobody_else(own: Undo) -> None:
    last = max(own.row(StudentRow, student) for student in ("ana", "bilal", "chiara"))
    with own.database.writing() as session:
        company = session.get_one(CompanyRow, own.row(CompanyRow, "coffee"))
        student = StudentRow(event_id=own.pk, position=99, student_id="zoe", name="Zoe")
        session.add(student)
        session.flush()
        session.add(
            PreferenceRow(event_id=own.pk, student_pk=student.id, company_pk=company.id, rank=1)
        )
        zoe, coffee = student.id, company.id
    assert zoe > last
    removed = own.delete("companies", coffee)
    own.delete("students", zoe)
    with own.database.writing() as session:
        newer = StudentRow(event_id=own.pk, position=99, student_id="yan", name="Yan")
        session.add(newer)
        session.flush()
        assert newer.id != zoe

    own.undo(removed)

    with own.database.reading() as session:
        wishes = select(PreferenceRow).where(PreferenceRow.student_pk == own.row(StudentRow, "yan"))
        assert session.scalars(wishes).all() == []
