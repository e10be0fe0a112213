"""After publishing: now and next, why a wish was not met, the calendar, the paper."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar
from pypdf import PdfReader
from sqlalchemy import select, update

from tests.webui.conftest import Clock, Visitor, words_of
from webui.config import Settings, Smtp
from webui.operations.removing import put_aside
from webui.operations.versions import window_to_keep
from webui.store import (
    CompanyRow,
    Database,
    DecisionRow,
    EventRow,
    MeetingRow,
    PlaceRow,
    Removed,
    RoomRow,
    ShortlistRow,
    StudentRow,
    TimetableRow,
    Version,
)

Open = Callable[[str], Visitor]
Row = tuple[str, str, int, int]
"""Student, company, start in minutes after midnight, table."""
FIRST, SECOND, THIRD = 780, 792, 804


def publish(database: Database, clock: Clock, event_pk: int, rows: list[Row]) -> None:
    """Publish a timetable in the place of the one before."""
    with database.writing() as session:
        session.execute(
            update(Version).where(Version.withdrawn_at.is_(None)).values(withdrawn_at=clock())
        )
        numbers = session.scalars(select(Version.number)).all()
        timetable = TimetableRow(
            event_id=event_pk,
            origin="frozen",
            event_revision=1,
            event_sha256="",
            created_at=clock(),
        )
        session.add(timetable)
        session.flush()
        students = {own.student_id: own.id for own in session.scalars(select(StudentRow))}
        companies = {own.company_id: own.id for own in session.scalars(select(CompanyRow))}
        for number, company in enumerate(("coffee", "robots", "software"), 1):
            session.add(
                PlaceRow(
                    timetable_id=timetable.id,
                    company_pk=companies[company],
                    room_id="hall",
                    first_table=number,
                )
            )
        for student, company, start, table in rows:
            session.add(
                MeetingRow(
                    timetable_id=timetable.id,
                    start_min=start,
                    room_id="hall",
                    table=table,
                    student_pk=students[student],
                    company_pk=companies[company],
                )
            )
        session.add(
            Version(
                event_id=event_pk,
                number=max(numbers, default=0) + 1,
                timetable_id=timetable.id,
                window=window_to_keep(session.get_one(EventRow, event_pk)),
                published_at=clock(),
            )
        )


@pytest.fixture
def ana(open_link: Open) -> Visitor:
    return open_link("ana")


@pytest.fixture
def day(ana: Visitor, database: Database, clock: Clock) -> Visitor:
    """The tiny event with Ana at 13:00 and 13:24."""
    rows = [
        ("ana", "coffee", FIRST, 1),
        ("ana", "robots", THIRD, 2),
        ("eunji", "robots", FIRST, 2),
        ("bilal", "robots", SECOND, 2),
    ]
    publish(database, clock, ana.event_pk, rows)
    return ana


def at(clock: Clock, hour: int, minute: int) -> None:
    """Move to a time of the event's day in Copenhagen, an hour ahead of UTC in November."""
    clock.at = dt.datetime(2026, 11, 26, hour - 1, minute, tzinfo=dt.UTC)


def text(student: Visitor, address: str) -> str:
    return str(student.get(address).get_data(as_text=True))


def test_before_publishing_there_is_no_schedule(ana: Visitor) -> None:
    assert "No schedule yet" in text(ana, "/me/schedule")
    assert ana.get("/me/schedule.ics").status_code == 404
    assert ana.get("/me/schedule.pdf").status_code == 404


def test_the_first_page_becomes_the_schedule(day: Visitor) -> None:
    assert day.get("/me").location == "/me/schedule"
    page = text(day, "/me/schedule")
    assert "Next, in 24 days · Thu 26 Nov 2026" in page
    assert page.index("13:00") < page.index("13:24")
    assert "Table 1, Main hall" in page
    assert "every 60s" not in page
    assert "Table 1, Main hall" in text(day, "/me/companies")


@pytest.mark.parametrize(
    ("hour", "minute", "says"),
    [
        (12, 45, "Next, in 15 minutes"),
        (11, 0, "Next, in 2 h 0 min"),
        (13, 0, "Now, until 13:10"),
        (13, 9, "Now, until 13:10"),
        (13, 10, "Next, in 14 minutes"),
        (13, 24, "Now, until 13:34"),
        (13, 34, "That was your last meeting"),
    ],
)
def test_now_and_next_follow_the_clock_of_the_events_zone(
    day: Visitor, clock: Clock, hour: int, minute: int, says: str
) -> None:
    at(clock, hour, minute)
    part = text(day, "/me/schedule/now")
    assert says in part
    assert "every 60s" in part
    assert f"It is {hour:02d}:{minute:02d}." in part
    assert "<html" not in part


def test_a_timetable_that_was_taken_back_is_said_so(
    day: Visitor, database: Database, clock: Clock
) -> None:
    with database.writing() as session:
        session.execute(update(Version).values(withdrawn_at=clock()))
    assert "taken back; a new one is coming" in text(day, "/me/schedule/now")
    page = text(day, "/me/schedule")
    assert "The schedule was taken back" in page
    assert 'href="/me/schedule.ics"' in page
    assert "Café Brænd" not in page
    assert "taken back; a new one is coming" in text(day, "/me")


@pytest.mark.parametrize("has_mail", [False, True])
def test_a_mail_is_promised_only_where_mail_is_set_up(
    ana: Visitor, app: Flask, settings: Settings, has_mail: bool
) -> None:
    if has_mail:
        smtp = Smtp("127.0.0.1", 1, "", "", "fair@au.dk", "none")
        app.extensions["company_dating"] = replace(
            app.extensions["company_dating"], settings=replace(settings, smtp=smtp)
        )
    assert ("You get a mail" in text(ana, "/me/schedule")) == has_mail
    assert ("Come back later" in text(ana, "/me/schedule")) != has_mail


def missed(student: Visitor) -> str:
    return text(student, "/me/schedule").partition("not met")[2]


def test_full_tables_are_told_by_counts(
    open_link: Open, day: Visitor, database: Database, clock: Clock
) -> None:
    chiara = open_link("chiara")  # wished for software, coffee, robots; robots said no
    assert "all went" not in missed(chiara)
    publish(
        database,
        clock,
        day.event_pk,
        [
            ("ana", "coffee", FIRST, 1),
            ("david", "coffee", SECOND, 1),
            ("eunji", "coffee", THIRD, 1),
        ],
    )
    page = missed(chiara)
    assert "Its 3 places while you are here all went to students who ranked it as high" in page
    assert "The company chose other profiles." in page
    for name in ("Ana", "Dávid", "veto", "said no"):
        assert name not in page


def test_a_place_that_fits_is_told_with_its_time(
    open_link: Open, database: Database, clock: Clock
) -> None:
    ana = open_link("ana")
    rows = [("ana", "coffee", FIRST, 1), ("bilal", "robots", SECOND, 2)]
    publish(database, clock, ana.event_pk, rows)
    assert "A place is left that would fit you: 13:24." in missed(ana)


def test_a_room_that_is_full_is_named(open_link: Open, database: Database, clock: Clock) -> None:
    """Ana meets nobody: who sits in the hall fills it, but for 13:24."""
    ana = open_link("ana")
    with database.writing() as session:
        session.execute(update(RoomRow).values(capacity=1))
    rows = [
        ("bilal", "software", FIRST, 3),
        ("david", "software", SECOND, 3),
        ("chiara", "software", THIRD, 3),
    ]
    publish(database, clock, ana.event_pk, rows)
    assert "none for you (13:00, 13:12, 13:24: Main hall is full, at most 1 student)" in missed(ana)
    assert "meetings in a row" not in missed(ana)


def test_days_are_counted_by_the_calendar(day: Visitor, clock: Clock) -> None:
    for number, hour, says in ((23, 20, "in 3 days"), (24, 9, "in 2 days"), (25, 23, "tomorrow")):
        clock.at = dt.datetime(2026, 11, number, hour - 1, 30, tzinfo=dt.UTC)
        assert f"Next, {says} · Thu 26 Nov" in text(day, "/me/schedule")


def test_enough_meetings_are_the_reason(open_link: Open, database: Database, clock: Clock) -> None:
    chiara = open_link("chiara")
    with database.writing() as session:
        for own in session.scalars(select(ShortlistRow)):
            session.delete(own)
    rows = [("chiara", "software", FIRST, 3), ("chiara", "coffee", SECOND, 1)]
    publish(database, clock, chiara.event_pk, rows)
    assert "You have 2 meetings, as many as one can have, all of them higher wishes." in missed(
        chiara
    )


def test_a_decision_of_staff_and_a_language_are_told(
    open_link: Open, database: Database, clock: Clock
) -> None:
    bilal = open_link("bilal")
    with database.writing() as session:
        companies = {own.company_id: own for own in session.scalars(select(CompanyRow))}
        companies["software"].languages = "da:B2"
        session.add(
            DecisionRow(
                event_id=bilal.event_pk,
                kind="forbid",
                student_pk=bilal.pk,
                company_pk=companies["robots"].id,
                reason="secret",
            )
        )
    publish(database, clock, bilal.event_pk, [])
    page = missed(bilal)
    assert "The people who run the event decided" in page
    assert "Asks for Danish B2; you have" in page
    assert "secret" not in page
    assert "You have no meetings" in text(bilal, "/me/schedule")


def entries(student: Visitor) -> dict[str, tuple[str, int, str, str]]:
    """Company: status, sequence, start, uid; what is cancelled says so and takes no time."""
    answer = student.get("/me/schedule.ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(answer.data)
    assert calendar["method"] == "PUBLISH"
    assert [str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/Copenhagen"]
    found = {}
    for own in calendar.walk("VEVENT"):
        status, title = str(own["status"]), str(own["summary"])
        is_cancelled = status == "CANCELLED"
        assert str(own["transp"]) == ("TRANSPARENT" if is_cancelled else "OPAQUE")
        assert title.startswith("Cancelled: ") == is_cancelled
        assert own.decoded("dtstamp") == own.decoded("last-modified")
        found[title.removeprefix("Cancelled: ")] = (
            status,
            own["sequence"],
            own.decoded("dtstart").isoformat(),
            str(own["uid"]),
        )
    return found


def test_the_calendar_updates_and_cancels_what_it_wrote(
    day: Visitor, database: Database, clock: Clock
) -> None:
    first = entries(day)
    assert entries(day) == first
    coffee, robots = "Café Brænd (Company Dating)", "Fjord Robotics (Company Dating)"
    assert first[coffee][:3] == ("CONFIRMED", 2, "2026-11-26T13:00:00+01:00")
    clock.pass_(hours=1)
    publish(database, clock, day.event_pk, [("ana", "robots", SECOND, 2)])
    second = entries(day)
    assert second[robots][:3] == ("CONFIRMED", 4, "2026-11-26T13:12:00+01:00")
    assert second[coffee][:2] == ("CANCELLED", 4)
    assert {name: own[3] for name, own in first.items()} == {
        name: own[3] for name, own in second.items()
    }
    assert len({own[3] for own in second.values()}) == 2
    with database.writing() as session:
        session.execute(
            update(Version).where(Version.withdrawn_at.is_(None)).values(withdrawn_at=clock())
        )
    assert {own[:2] for own in entries(day).values()} == {("CANCELLED", 5)}


def test_what_a_version_changed_is_marked_until_the_next_one(
    day: Visitor, database: Database, clock: Clock
) -> None:
    assert "moved" not in words_of(day.get("/me/schedule"))
    publish(database, clock, day.event_pk, [("ana", "robots", SECOND, 2)])
    page = words_of(day.get("/me/schedule"))
    assert "moved: was 13:24, table 2, Main hall" in page
    assert "No longer 13:00 Café Brænd Table 1, Main hall" in page
    with database.writing() as session:  # deleted as staff would, the meeting kept aside
        robots = session.scalars(select(CompanyRow).where(CompanyRow.company_id == "robots")).one()
        table: Any = CompanyRow.__table__
        aside = Removed(event_id=day.event_pk, list_name="companies", title="", removed_at=clock())
        put_aside(session, aside, table=table, pks=[robots.id], companies=[])
        session.delete(robots)
    assert "No longer 13:00 Café Brænd Table 1, Main hall 13:12 Fjord Robotics" in words_of(
        day.get("/me/schedule")
    )
    at(clock, 23, 0)
    assert "No longer" not in words_of(day.get("/me/schedule"))


def test_uids_differ_between_students(
    open_link: Open, day: Visitor, database: Database, clock: Clock
) -> None:
    eunji = open_link("eunji")
    robots = "Fjord Robotics (Company Dating)"
    assert entries(eunji)[robots][3] != entries(day)[robots][3]


def test_the_paper_is_ones_own_schedule_in_ones_language(day: Visitor) -> None:
    answer = day.get("/me/schedule.pdf")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-schedule.pdf"'
    pages = PdfReader(io.BytesIO(answer.data)).pages
    words = " ".join(page.extract_text() for page in pages)
    assert len(pages) == 1
    assert "Ana Sousa" in words
    assert "Bilal" not in words
    assert "13:24" in words
    assert "Version 1" in words
    danish = day.get("/me/schedule.pdf", headers={"Accept-Language": "da"})
    assert "Dit program" in PdfReader(io.BytesIO(danish.data)).pages[0].extract_text()


def test_an_event_on_a_clock_change_day_keeps_its_hours(
    ana: Visitor, database: Database, clock: Clock
) -> None:
    with database.writing() as session:
        session.get_one(EventRow, ana.event_pk).date = dt.date(2026, 10, 25)
    publish(database, clock, ana.event_pk, [("ana", "coffee", FIRST, 1)])
    starts = {own[2] for own in entries(ana).values()}
    assert starts == {"2026-10-25T13:00:00+01:00"}


def test_slots_and_date_that_are_tried_out_are_not_published(
    day: Visitor, database: Database, clock: Clock
) -> None:
    def shown() -> tuple[str, bytes, int]:
        paper = day.get("/me/schedule.pdf")
        page = text(day, "/me/schedule").partition("<main")[2]  # before it, a token by the second
        return page, day.get("/me/schedule.ics").data, paper.status_code

    before = shown()
    with database.writing() as session:
        event = session.get_one(EventRow, day.event_pk)
        event.slot_min, event.date, event.breaks = 12, dt.date(2026, 12, 3), []
    assert shown() == before

    publish(database, clock, day.event_pk, [("ana", "coffee", FIRST, 1)])
    assert b"20261203T131200" in shown()[1]
