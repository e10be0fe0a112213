"""The pages of Solve: start, watch, compare, use."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from sqlalchemy import delete, select
from sqlalchemy.event import listen, remove

from tests.webui.conftest import NOON, Browser, Clock, words_of
from tests.webui.jobs import do_jobs
from webui.operations import events, queue, solving
from webui.store import (
    Database,
    EventRow,
    Job,
    StudentRow,
    TimetableRow,
)

SOLVE = "/events/tiny/solve"
START = {"time_limit": "10", "seed": "1", "note": "first <b>try</b>"}


@pytest.fixture
def solved(staff: Browser, tiny: int, database: Database) -> int:
    assert staff.post(SOLVE, START).status_code == 302
    do_jobs(database)
    return solving.results_of(database, tiny)[0].id


def jobs(database: Database, event_id: int) -> list[Job]:
    return queue.jobs_of(database, event_id, "solve")


def test_starting_asks_for_one_job_with_its_settings(
    staff: Browser, tiny: int, database: Database
) -> None:
    assert staff.post(SOLVE, START).status_code == 302
    [job] = jobs(database, tiny)
    assert job.asked == {
        "time_limit_s": 10,
        "seed": 1,
        "note": "first <b>try</b>",
        "keeps_working": False,
    }
    again = staff.post(SOLVE, START)
    assert again.status_code == 422
    assert "being done already" in words_of(again)
    assert len(jobs(database, tiny)) == 1


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [("time_limit", "0", "1 to 600"), ("time_limit", "x", "1 to 600"), ("seed", "-1", "nine")],
)
def test_a_bad_form_is_refused_beside_its_field(
    staff: Browser, tiny: int, database: Database, field: str, value: str, says: str
) -> None:
    answer = staff.post(SOLVE, {**START, field: value})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert says in page
    assert 'aria-invalid="true"' in page
    assert "first &lt;b&gt;try" in page
    assert jobs(database, tiny) == []


@pytest.mark.parametrize("sent", [{"time_limit": "0"}, {"seed": "-1"}, {}])
def test_a_bad_form_without_some_fields_is_refused_with_the_usual_ones(
    staff: Browser, tiny: int, database: Database, sent: dict[str, str]
) -> None:
    answer = staff.post(SOLVE, sent)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    usual = {"time_limit": "60", "seed": "1", "note": ""} | sent
    for name, value in usual.items():
        assert re.search(rf'name="{name}"[^>]* value="{value}"', page)
    assert jobs(database, tiny) == []


def test_what_keeps_it_from_starting_is_said_with_where_to_put_it_right(
    staff: Browser, tiny: int, database: Database
) -> None:
    with database.writing() as session:
        session.execute(delete(StudentRow).where(StudentRow.event_id == tiny))
        session.get_one(EventRow, tiny).slot_min = 0
        events.touch(session, tiny)
    page = staff.get(SOLVE).get_data(as_text=True)
    assert "things to put right" in page
    assert 'href="/events/tiny/set-up">Put it right' in page
    assert 'href="/events/tiny/people/students">Put it right' in page
    assert "there are none yet" in page
    assert staff.post(SOLVE, START).status_code == 422


def test_the_live_part_is_sent_only_when_something_changed(
    staff: Browser, tiny: int, database: Database
) -> None:
    staff.post(SOLVE, START)
    first = staff.get(f"{SOLVE}/live")
    assert first.status_code == 200
    assert "It begins in a moment" in words_of(first)
    mark = {"If-None-Match": first.headers["ETag"]}
    assert staff.get(f"{SOLVE}/live", headers=mark).status_code == 304

    claimed = queue.claim(database, NOON, worker="w", kinds=["solve"])
    assert claimed
    levels = [
        {"name": "guaranteed_meetings", "value": [4], "bound": [5]},
        {"name": "company_minimum", "value": [0], "bound": [0]},
        {"name": "preferences", "value": [500], "bound": [510]},
        {"name": "breaks", "value": [1], "bound": [None]},
    ]
    told = {"stage": "search", "levels": levels, "students": 5, "minimum": 0}
    queue.beat(database, NOON, claimed, worker="w", progress=told)

    second = staff.get(f"{SOLVE}/live", headers=mark)
    assert second.status_code == 200
    assert "Searching for something better" in words_of(second)
    assert "4 of 5, at most 5" in words_of(second)
    assert "500 points, at most 510" in words_of(second)
    assert "Companies" not in words_of(second)
    assert "HX-Retarget" not in second.headers


def test_a_solve_that_ends_while_it_is_shown_is_shown_as_it_was_read(
    staff: Browser, tiny: int, database: Database
) -> None:
    staff.post(SOLVE, START)
    claimed = queue.claim(database, NOON, worker="w", kinds=["solve"])
    assert claimed
    readings: list[Job] = []
    ended: list[bool] = []

    def note(job: Job, *_: object) -> None:
        readings.append(job)

    def end(*_: object) -> None:
        if readings and not ended:
            ended.append(True)
            with database.writing() as session:
                queue.finish(session, NOON, claimed, worker="w")

    listen(Job, "load", note)
    listen(database.engine, "checkin", end)  # when the first reading is over
    try:
        first = staff.get(f"{SOLVE}/live")
    finally:
        remove(Job, "load", note)
        remove(database.engine, "checkin", end)
    assert jobs(database, tiny)[0].state == "done"
    assert "Solving" in words_of(first)
    second = staff.get(f"{SOLVE}/live", headers={"If-None-Match": first.headers["ETag"]})
    assert second.headers["HX-Retarget"] == "#solve"


def test_when_it_has_ended_the_live_part_becomes_the_page(staff: Browser, solved: int) -> None:
    answer = staff.get(f"{SOLVE}/live")
    assert answer.headers["HX-Retarget"] == "#solve"
    assert "Proven best" in words_of(answer)
    assert "5 of 5" in words_of(answer)


def test_a_job_nobody_takes_is_said(staff: Browser, tiny: int, clock: Clock) -> None:
    staff.post(SOLVE, START)
    clock.pass_(seconds=11)
    assert "It has not begun yet" in words_of(staff.get(SOLVE))


def test_a_waiting_job_is_cancelled_at_once(staff: Browser, tiny: int, database: Database) -> None:
    staff.post(SOLVE, START)
    [job] = jobs(database, tiny)
    staff.post(f"/events/tiny/jobs/{job.id}/cancel")
    assert jobs(database, tiny)[0].state == "cancelled"
    assert "cancelled before a timetable was found" in words_of(staff.get(SOLVE))


def test_a_job_that_died_is_said(staff: Browser, tiny: int, database: Database) -> None:
    staff.post(SOLVE, START)
    at = NOON
    for _ in range(3):
        assert queue.claim(database, at, worker="w", kinds=["solve"])
        at += dt.timedelta(minutes=1)
        queue.sweep(database, at)
    assert "stopped three times" in words_of(staff.get(SOLVE))


def test_results_are_compared_with_their_numbers_and_settings(
    staff: Browser, tiny: int, database: Database, solved: int
) -> None:
    staff.post(SOLVE, {**START, "seed": "77", "note": "other"})
    do_jobs(database)
    second = solving.results_of(database, tiny)[0].id
    answer = staff.get(f"{SOLVE}/compare?r={solved}&r={second}&r=999")
    assert answer.status_code == 200
    page = words_of(answer)
    assert "first &lt;b&gt;try" in page
    assert "Proven best" in page
    assert "77" in page
    assert "1 meeting" in page
    assert "Café Brænd" in page
    assert "Guaranteed meetings of a student 1 1" in page
    assert "different guarantees" not in page

    with database.writing() as session:
        row = session.get_one(EventRow, tiny)
        changed = {"guaranteed_meetings_per_student": 2, "max_meetings_per_student": 5}
        row.rules = {**row.rules, **changed}
        row.revision += 1
    staff.post(SOLVE, START)
    do_jobs(database)
    third = solving.results_of(database, tiny)[0].id
    page = words_of(staff.get(f"{SOLVE}/compare?r={second}&r={third}"))
    assert "sought under different guarantees" in page
    assert "Guaranteed meetings of a student 1 2" in page
    assert re.search(r"Most meetings of a student \d 5", page)


def test_a_result_that_its_time_limit_cut_says_so(
    staff: Browser, database: Database, solved: int
) -> None:
    with database.writing() as session:
        row = session.get_one(TimetableRow, solved)
        levels = [dict(own) for own in row.summary["levels"]]
        wishes = next(own for own in levels if own["name"] == "preferences")
        wishes |= {"bound": wishes["value"] * 100 // 99 + 1, "proven": False}
        row.settings = {**row.settings, "time_limit_s": 10}
        row.summary = {
            **row.summary,
            "status": "feasible",
            "levels": levels,
            "runtime_s": {"total": 10.2},
        }
    card = staff.get(f"{SOLVE}").get_data(as_text=True)
    assert "Stopped at your limit of 10 s: the wishes can be met at most" in card
    side = staff.get(f"{SOLVE}/compare?r={solved}").get_data(as_text=True)
    assert "Stopped at your limit of 10 s" in side

    with database.writing() as session:
        row = session.get_one(TimetableRow, solved)
        row.summary = {**row.summary, "runtime_s": {"total": 4.0}}
    assert "Stopped at" not in staff.get(f"{SOLVE}").get_data(as_text=True)


def test_a_result_is_used_and_then_said_to_be_in_use(
    staff: Browser, tiny: int, database: Database, solved: int
) -> None:
    answer = staff.post(f"{SOLVE}/results/{solved}/use")
    assert answer.headers["Location"] == "/events/tiny/timetable"
    page = staff.get(answer.headers["Location"]).get_data(as_text=True)
    assert "This is the timetable you work on now." in page
    with database.reading() as session:
        own = solving.working(session, tiny)
        assert own
        assert own.parent_id == solved
    page = staff.get(SOLVE).get_data(as_text=True)
    assert "in use" in page
    assert "keeps_working" in page


def test_a_result_older_than_the_event_is_said_and_refused(
    staff: Browser, tiny: int, database: Database, solved: int
) -> None:
    with database.writing() as session:
        session.get_one(EventRow, tiny).name = "Another name"
        events.touch(session, tiny)
    page = staff.get(SOLVE).get_data(as_text=True)
    assert "older than the event" in page
    assert f"{solved}/use" not in page
    answer = staff.post(f"{SOLVE}/results/{solved}/use")
    assert answer.status_code == 409
    assert "changed since this timetable was made" in words_of(answer)
    with database.reading() as session:
        assert solving.working(session, tiny) is None


def test_a_result_is_dropped(staff: Browser, tiny: int, database: Database, solved: int) -> None:
    staff.post(f"{SOLVE}/results/{solved}/drop")
    with database.reading() as session:
        assert session.scalars(select(TimetableRow)).all() == []


def test_students_below_the_guarantee_are_named_with_reasons(
    staff: Browser, tiny: int, database: Database
) -> None:
    with database.writing() as session:
        session.get_one(EventRow, tiny).rules = {"guaranteed_meetings_per_student": 3}
        events.touch(session, tiny)
    staff.post(SOLVE, START)
    do_jobs(database)
    own = solving.results_of(database, tiny)[0].id
    page = words_of(staff.get(f"{SOLVE}/results/{own}/below"))
    assert "students below the guarantee" in page
    assert "김은지" in page
    assert "ranked only 2 companies" in page


def test_foreign_results_and_jobs_are_not_found(
    staff: Browser, tiny: int, database: Database
) -> None:
    for address in ("solve/results/9/use", "solve/results/9/drop", "jobs/9/cancel"):
        assert staff.post(f"/events/tiny/{address}").status_code == 404
    assert staff.get(f"{SOLVE}/results/9/below").status_code == 404
