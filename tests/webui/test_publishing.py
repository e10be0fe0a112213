"""Publishing: one version at a time, what differs, who is written to, taken back."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from tests.webui.conftest import NOON, Browser
from tests.webui.jobs import do_jobs
from tests.webui.publishing import (
    drop_a_meeting,
    events_key,
    keep,
    publish,
    with_addresses,
    working,
)
from webui.config import Smtp
from webui.operations import events, mail_queue, previews, publishing, schedules, solving, versions
from webui.operations.accounts import Colleague
from webui.operations.log import RefusedError, StaleError
from webui.store import (
    Audit,
    CompanyRow,
    Database,
    EventRow,
    Mail,
    MeetingRow,
    Membership,
    StudentRow,
    TimetableRow,
    Version,
)

__all__ = ["working"]

LATER = NOON + dt.timedelta(hours=1)


def test_publishing_freezes_a_copy_and_withdraws_the_one_before(
    database: Database, administrator: Colleague, tiny: int, working: int
) -> None:
    assert publish(database, administrator, tiny) == 1
    drop_a_meeting(database, working)
    assert publish(database, administrator, tiny) == 2
    with database.reading() as session:
        rows = session.scalars(select(Version).order_by(Version.number)).all()
        assert [own.withdrawn_at is None for own in rows] == [False, True]
        frozen = [session.get_one(TimetableRow, own.timetable_id) for own in rows]
        assert [own.origin for own in frozen] == ["frozen", "frozen"]
        counts = [
            session.scalar(select(func.count()).where(MeetingRow.timetable_id == own.id))
            for own in frozen
        ]
        published = session.scalars(select(Audit).where(Audit.action == "version.publish")).all()
    assert counts[0]
    assert counts[1] == counts[0] - 1
    assert [own.detail["number"] for own in published] == [1, 2]
    assert [own.meetings for own in versions.history(database, tiny)] == [counts[1], counts[0]]


def test_pressed_twice_publishes_one_version(
    database: Database, administrator: Colleague, tiny: int, working: int
) -> None:
    seen = previews.preview(database, tiny)
    assert seen
    for _ in range(2):
        number = publishing.publish(
            database,
            administrator.actor,
            NOON,
            event_id=tiny,
            timetable_id=working,
            revision=seen.revision,
            number=seen.number,
            writes_students=True,
        )
        assert number == 1
    with database.reading() as session:
        assert session.scalar(select(func.count(Version.id))) == 1


def test_two_who_press_at_once_publish_one_version(
    database: Database, administrator: Colleague, tiny: int, working: int
) -> None:
    with_addresses(database, tiny)
    keep(database, administrator, tiny)
    seen = previews.preview(database, tiny)
    assert seen

    def press(_: int) -> int:
        return publishing.publish(
            database,
            administrator.actor,
            NOON,
            event_id=tiny,
            timetable_id=working,
            revision=seen.revision,
            number=seen.number,
            writes_students=True,
        )

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(press, range(4))) == [1] * 4
    with database.reading() as session:
        assert session.scalar(select(func.count(Version.id))) == 1
        assert session.scalar(select(func.count(Mail.id))) == seen.students_to_tell


def test_a_timetable_that_was_changed_since_it_was_looked_at_is_not_published(
    database: Database, administrator: Colleague, tiny: int, working: int
) -> None:
    seen = previews.preview(database, tiny)
    assert seen
    drop_a_meeting(database, working)
    with pytest.raises(StaleError):
        publishing.publish(
            database,
            administrator.actor,
            NOON,
            event_id=tiny,
            timetable_id=working,
            revision=seen.revision,
            number=seen.number,
        )
    assert versions.history(database, tiny) == []


def test_a_timetable_older_than_the_event_is_refused_until_it_is_kept(
    database: Database, administrator: Colleague, tiny: int, working: int
) -> None:
    with database.writing() as session:
        session.execute(update(CompanyRow).values(about="new words"))
        session.execute(update(StudentRow).values(programme="Physics"))
        events.touch(session, tiny)
    seen = previews.preview(database, tiny)
    assert seen
    assert seen.is_older
    assert seen.faults == ()
    with pytest.raises(RefusedError, match="changed since"):
        publish(database, administrator, tiny)
    keep(database, administrator, tiny)
    assert publish(database, administrator, tiny) == 1


def test_a_broken_rule_is_refused_with_its_sentence(
    database: Database, administrator: Colleague, tiny: int, working: int
) -> None:
    with database.writing() as session:
        row = session.get_one(EventRow, tiny)
        row.rules = {**row.rules, "max_meetings_per_student": 1}
        events.touch(session, tiny)
    seen = previews.preview(database, tiny)
    assert seen
    assert seen.faults
    with pytest.raises(RefusedError, match="breaks a rule") as refused:
        publish(database, administrator, tiny)
    assert seen.faults[0] in str(refused.value)
    with pytest.raises(RefusedError, match="breaks a rule"):
        keep(database, administrator, tiny)
    assert versions.history(database, tiny) == []


def test_the_schema_holds_one_published_version(
    database: Database, administrator: Colleague, tiny: int, working: int
) -> None:
    publish(database, administrator, tiny)
    with pytest.raises(IntegrityError), database.writing() as session:
        session.add(Version(event_id=tiny, number=2, timetable_id=working, published_at=NOON))


def test_only_those_who_change_are_written_to(
    database: Database, administrator: Colleague, tiny: int, working: int
) -> None:
    with_addresses(database, tiny)
    keep(database, administrator, tiny)
    first = previews.preview(database, tiny)
    assert first
    publish(database, administrator, tiny, writes_students=True)
    with database.writing() as session:
        mails = session.scalars(select(Mail)).all()
        assert len(mails) == first.students_to_tell == len(first.difference.students) > 1
        assert {own.link_student_pk for own in mails} == {
            own.pk for own in first.difference.students
        }
        assert all("{link}" in own.text and "Your meetings" in own.subject for own in mails)
        session.execute(delete(Mail))
    student, company = drop_a_meeting(database, working)
    publish(database, administrator, tiny, writes_students=True)
    with database.reading() as session:
        [mail] = session.scalars(select(Mail)).all()
        assert mail.link_student_pk == student
        assert f"No longer: {session.get_one(CompanyRow, company).name}" in mail.text
        assert mail.subject.startswith("Your meetings have changed")


def test_a_mail_opens_the_students_own_page(
    database: Database, administrator: Colleague, tiny: int, working: int
) -> None:
    with_addresses(database, tiny)
    keep(database, administrator, tiny)
    publish(database, administrator, tiny, writes_students=True)
    taken = mail_queue.take(database, LATER, base_url="https://dating.au.dk")
    assert taken
    assert re.search(r"https://dating\.au\.dk/s/[\w-]{43}\n", taken.text)
    with database.reading() as session:
        mail = session.get_one(Mail, taken.pk)
    assert "{link}" in mail.text  # no token is ever stored


def test_mails_are_in_the_language_of_the_event(
    database: Database, administrator: Colleague, tiny: int, working: int
) -> None:
    with_addresses(database, tiny)
    with database.writing() as session:
        session.get_one(EventRow, tiny).language = "da"
    keep(database, administrator, tiny)
    publish(database, administrator, tiny, writes_students=True)
    with database.reading() as session:
        mail = session.scalars(select(Mail).limit(1)).one()
    assert mail.subject.startswith("Dine møder: ")
    assert "bord" in mail.text
    assert mail.text.startswith("Hej ")


def test_each_company_gets_its_own_day_sheet_once(
    database: Database, administrator: Colleague, tiny: int, working: int
) -> None:
    with_addresses(database, tiny)
    keep(database, administrator, tiny)
    publish(database, administrator, tiny, writes_companies=True)
    [job] = do_jobs(database)
    assert (job.kind, job.state, job.error) == ("publish_mail", "done", "")
    with database.reading() as session:
        companies = session.scalars(select(CompanyRow)).all()
        mails = {own.to_address: own for own in session.scalars(select(Mail))}
    assert len(mails) == len(companies) > 1
    names = {own.company_id: own.name for own in companies}
    for company_id, name in names.items():
        content = mails[f"{company_id}@firm.dk"].attachment
        assert content
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
        assert name in text
        assert "Version 1" in text
        assert not any(other in text for other in names.values() if other != name)
        assert name in mails[f"{company_id}@firm.dk"].subject


def test_taking_back_leaves_students_without_a_timetable_and_can_be_published_again(
    database: Database, administrator: Colleague, tiny: int, working: int
) -> None:
    with database.reading() as session:
        student = session.scalars(
            select(MeetingRow.student_pk).where(MeetingRow.timetable_id == working)
        ).first()
    assert student
    assert schedules.schedule_of(database, student) is None
    publish(database, administrator, tiny)
    shown = schedules.schedule_of(database, student)
    assert shown
    assert shown.appointments
    publishing.withdraw(database, administrator.actor, LATER, event_id=tiny, number=1)
    assert schedules.schedule_of(database, student) is None
    with pytest.raises(StaleError):
        publishing.withdraw(database, administrator.actor, LATER, event_id=tiny, number=1)
    assert publish(database, administrator, tiny) == 2


def test_working_on_an_earlier_version_copies_it(
    database: Database, administrator: Colleague, tiny: int, working: int
) -> None:
    publish(database, administrator, tiny)
    drop_a_meeting(database, working)
    publish(database, administrator, tiny)
    publishing.work_on(database, administrator.actor, LATER, event_id=tiny, number=1)
    with database.reading() as session:
        own = solving.working(session, tiny)
        first = versions.version_of(session, tiny, 1).timetable_id
        assert own
        assert own.id not in (working, first)
        assert versions.moves_between(session, first, own.id) == []
    seen = previews.preview(database, tiny)
    assert seen
    assert seen.difference.counts == {"moved": 0, "gained": 1, "lost": 0}


def test_a_move_says_from_where_to_where(
    database: Database, administrator: Colleague, tiny: int, working: int
) -> None:
    publish(database, administrator, tiny)
    with database.writing() as session:
        own = session.scalars(select(MeetingRow).where(MeetingRow.timetable_id == working)).first()
        assert own
        was, own.start_min = own.start_min, 23 * 60
        before = versions.version_of(session, tiny, 1).timetable_id
        [move] = versions.moves_between(session, before, working)
    assert move.before
    assert move.after
    assert (move.kind, move.before.start_min, move.after.start_min) == ("moved", was, 23 * 60)


def test_the_page_publishes_shows_changes_and_takes_back(
    app: Flask, staff: Browser, database: Database, tiny: int, working: int
) -> None:
    key = events_key(database, tiny)
    page = staff.get(f"/events/{key}/publish")
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    assert "Publish version 1" in text
    assert "No mail server is set up" in text
    seen = previews.preview(database, tiny)
    assert seen
    form = {"timetable": seen.timetable_id, "revision": seen.revision, "number": 1}
    assert staff.post(f"/events/{key}/publish", form).status_code == 303
    assert "Nothing new to publish" in staff.get(f"/events/{key}/publish").get_data(as_text=True)
    student, _ = drop_a_meeting(database, working)
    stale = staff.post(f"/events/{key}/publish", {**form, "number": 2})
    assert stale.status_code == 409
    changes = staff.get(f"/events/{key}/publish/changes?from=1&to=working").get_data(as_text=True)
    with database.reading() as session:
        assert session.get_one(StudentRow, student).name in changes
    assert staff.get(f"/events/{key}/publish/changes?from=1&to=7").status_code == 404
    assert "Take back version 1?" in staff.get(f"/events/{key}/publish/1/withdraw").get_data(
        as_text=True
    )
    assert staff.post(f"/events/{key}/publish/1/withdraw").status_code == 303
    assert staff.post(f"/events/{key}/publish/1/withdraw").status_code == 409
    assert staff.post(f"/events/{key}/publish/1/work-on").status_code == 303
    shown = staff.get(f"/events/{key}/publish").get_data(as_text=True)
    assert "version 1 was taken back" in shown


def test_pages_say_so_when_the_slots_were_changed(
    staff: Browser, database: Database, administrator: Colleague, tiny: int, working: int
) -> None:
    publish(database, administrator, tiny)
    with database.writing() as session:
        session.get_one(EventRow, tiny).slot_min = 7
        events.touch(session, tiny)
    key = events_key(database, tiny)
    page = staff.get(f"/events/{key}/publish")
    assert page.status_code == 200
    assert "does not fit the event any more" in page.get_data(as_text=True)
    for address, form in (
        ("publish", {"timetable": working, "revision": 1, "number": 2}),
        ("publish/fit-in", {}),
        ("publish/1/work-on", {}),
        ("print", {"version": 1, "parts": ["desk"], "language": "en", "stock": "avery-l4785"}),
    ):
        answer = staff.post(f"/events/{key}/{address}", form)
        assert answer.status_code == 422
        assert "The slots were changed" in answer.get_data(as_text=True)
    history = staff.get(f"/events/{key}/publish/changes?from=1&to=1")
    assert "No meeting differs" in history.get_data(as_text=True)


def test_the_desk_looks_but_does_not_publish(
    app: Flask, database: Database, join: Callable[..., Colleague], tiny: int, working: int
) -> None:
    desk = join("desk@au.dk", "desk")
    with database.writing() as session:
        session.add(Membership(event_id=tiny, staff_id=desk.id))
    browser = Browser(app)
    browser.sign_in(desk.email)
    key = events_key(database, tiny)
    page = browser.get(f"/events/{key}/publish")
    assert page.status_code == 200
    assert "data-publish" not in page.get_data(as_text=True)
    assert browser.post(f"/events/{key}/publish", {"number": 1}).status_code == 403


def test_the_button_counts_whom_it_writes_to(
    app: Flask,
    staff: Browser,
    database: Database,
    administrator: Colleague,
    tiny: int,
    working: int,
) -> None:
    services = app.extensions["company_dating"]
    smtp = Smtp("127.0.0.1", 2525, "", "", "fair@au.dk", "none")
    app.extensions["company_dating"] = dataclasses.replace(
        services, settings=dataclasses.replace(services.settings, smtp=smtp)
    )
    with_addresses(database, tiny)
    keep(database, administrator, tiny)
    seen = previews.preview(database, tiny)
    assert seen
    key = events_key(database, tiny)
    text = staff.get(f"/events/{key}/publish").get_data(as_text=True)
    assert f"Publish version 1 and write to {seen.students_to_tell} students" in text
    form = {
        "timetable": seen.timetable_id,
        "revision": seen.revision,
        "number": 1,
        "students": "true",
    }
    staff.post(f"/events/{key}/publish", form)
    with database.reading() as session:
        assert session.scalar(select(func.count(Mail.id))) == seen.students_to_tell
