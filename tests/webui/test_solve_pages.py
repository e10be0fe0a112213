"""The pages of Solve: start, watch, compare, use, what if, forecast."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from sqlalchemy import delete, select
from sqlalchemy.event import listen, remove

from tests.webui.conftest import NOON, Browser, Clock
from tests.webui.jobs import do_jobs
from webui.operations import events, queue, solving
from webui.store import (
    CompanyRow,
    Database,
    DecisionRow,
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


def text(answer: object) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", answer.get_data(as_text=True)).split())  # type: ignore[attr-defined]


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
    assert "being done already" in text(again)
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
    assert "It begins in a moment" in text(first)
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
    assert "Searching for something better" in text(second)
    assert "4 of 5, at most 5" in text(second)
    assert "500 points, at most 510" in text(second)
    assert "Companies" not in text(second)
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
    assert "Solving" in text(first)
    second = staff.get(f"{SOLVE}/live", headers={"If-None-Match": first.headers["ETag"]})
    assert second.headers["HX-Retarget"] == "#solve"


def test_when_it_has_ended_the_live_part_becomes_the_page(staff: Browser, solved: int) -> None:
    answer = staff.get(f"{SOLVE}/live")
    assert answer.headers["HX-Retarget"] == "#solve"
    assert "Proven best" in text(answer)
    assert "5 of 5" in text(answer)


def test_a_job_nobody_takes_is_said(staff: Browser, tiny: int, clock: Clock) -> None:
    staff.post(SOLVE, START)
    clock.pass_(seconds=11)
    assert "Nothing has taken it yet" in text(staff.get(SOLVE))


def test_a_waiting_job_is_cancelled_at_once(staff: Browser, tiny: int, database: Database) -> None:
    staff.post(SOLVE, START)
    [job] = jobs(database, tiny)
    staff.post(f"/events/tiny/jobs/{job.id}/cancel")
    assert jobs(database, tiny)[0].state == "cancelled"
    assert "stopped before a timetable was found" in text(staff.get(SOLVE))


def test_a_job_that_died_is_said(staff: Browser, tiny: int, database: Database) -> None:
    staff.post(SOLVE, START)
    at = NOON
    for _ in range(3):
        assert queue.claim(database, at, worker="w", kinds=["solve"])
        at += dt.timedelta(minutes=1)
        queue.sweep(database, at)
    assert "ended three times" in text(staff.get(SOLVE))


def test_results_are_compared_with_their_numbers_and_settings(
    staff: Browser, tiny: int, database: Database, solved: int
) -> None:
    staff.post(SOLVE, {**START, "seed": "77", "note": "other"})
    do_jobs(database)
    second = solving.results_of(database, tiny)[0].id
    answer = staff.get(f"{SOLVE}/compare?r={solved}&r={second}&r=999")
    assert answer.status_code == 200
    page = text(answer)
    assert "first &lt;b&gt;try" in page
    assert "Proven best" in page
    assert "77" in page
    assert "1 meeting" in page
    assert "Café Brænd" in page
    assert "Guaranteed meetings of a student 1 1" in page
    assert "different guarantees" not in page

    with database.writing() as session:
        row = session.get_one(EventRow, tiny)
        row.rules = {**row.rules, "guaranteed_meetings_per_student": 2}
        row.revision += 1
    staff.post(SOLVE, START)
    do_jobs(database)
    third = solving.results_of(database, tiny)[0].id
    page = text(staff.get(f"{SOLVE}/compare?r={second}&r={third}"))
    assert "sought under different guarantees" in page
    assert "Guaranteed meetings of a student 1 2" in page


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
    assert "changed since this timetable was made" in text(answer)
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
    page = text(staff.get(f"{SOLVE}/results/{own}/below"))
    assert "students below the guarantee" in page
    assert "김은지" in page
    assert "ranked only 2 companies" in page


def test_foreign_results_and_jobs_are_not_found(
    staff: Browser, tiny: int, database: Database
) -> None:
    for address in ("solve/results/9/use", "solve/results/9/drop", "jobs/9/cancel"):
        assert staff.post(f"/events/tiny/{address}").status_code == 404
    assert staff.get(f"{SOLVE}/results/9/below").status_code == 404


WHAT_IF = "/events/tiny/what-if"


def test_variations_are_compared_and_nothing_is_changed(
    staff: Browser, tiny: int, database: Database
) -> None:
    with database.reading() as session:
        before = session.get_one(EventRow, tiny).revision
    form = {"slot_min": "10; 5", "time_limit": "5", "company": "coffee", "tables": "2"}
    assert staff.post(WHAT_IF, form).status_code == 302
    [job] = do_jobs(database)
    assert job.state == "done"
    assert len(job.progress["rows"]) == 3
    page = text(staff.get(WHAT_IF))
    assert "as it is" in page
    assert "slots of 5 min, Café Brænd: tables 2" in page
    with database.reading() as session:
        assert session.get_one(EventRow, tiny).revision == before


def test_a_variation_is_used_once_the_event_is_still_the_same(
    staff: Browser, tiny: int, database: Database
) -> None:
    form = {"guarantee": "2", "end": "13:46", "company": "coffee", "tables": "2", "time_limit": "5"}
    staff.post(WHAT_IF, form)
    [job] = do_jobs(database)
    assert staff.post(f"{WHAT_IF}/{job.id}/use/0").status_code == 404

    assert staff.post(f"{WHAT_IF}/{job.id}/use/1").status_code == 302

    with database.reading() as session:
        row = session.get_one(EventRow, tiny)
        tables = session.scalars(
            select(CompanyRow.tables).where(CompanyRow.company_id == "coffee")
        ).one()
    assert row.rules["guaranteed_meetings_per_student"] == 2
    assert row.rules["max_meetings_per_student"] == 2
    assert (row.end_min, tables) == (13 * 60 + 46, 2)
    late = staff.post(f"{WHAT_IF}/{job.id}/use/1")
    assert late.status_code == 409
    assert "changed since these were compared" in text(late)


def test_a_pin_with_a_time_counts_at_the_nearest_slot_of_a_variation(
    staff: Browser, tiny: int, database: Database
) -> None:
    with database.writing() as session:
        students = select(StudentRow.id).where(StudentRow.student_id == "ana")
        companies = select(CompanyRow.id).where(CompanyRow.company_id == "coffee")
        pin = DecisionRow(
            event_id=tiny,
            kind="pin",
            student_pk=session.scalars(students).one(),
            company_pk=session.scalars(companies).one(),
            start_min=13 * 60 + 12,
        )
        session.add(pin)
        session.get_one(EventRow, tiny).revision += 1
    staff.post(WHAT_IF, {"slot_min": "8", "time_limit": "5"})
    [job] = do_jobs(database)
    page = text(staff.get(WHAT_IF))
    assert "Where slots begin at other times, 1 pin with a time counts at the nearest slot." in page
    assert "cannot be solved" not in page
    assert staff.post(f"{WHAT_IF}/{job.id}/use/1").status_code == 302
    with database.reading() as session:
        assert session.scalars(select(DecisionRow.start_min)).one() == 13 * 60 + 10


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({}, "at least one other value"),
        ({"slot_min": "ten"}, "Whole numbers"),
        ({"slot_min": "1;2;3;4;5;6", "guarantee": "1;2;3"}, "18 combinations"),
        ({"company": "coffee"}, "How many tables?"),
        ({"company": "nobody", "tables": "2"}, "not in the event"),
        ({"slot_min": "12", "time_limit": "200"}, "1 to 120"),
    ],
)
def test_a_what_if_that_makes_no_sense_is_refused(
    staff: Browser, tiny: int, database: Database, form: dict[str, str], says: str
) -> None:
    answer = staff.post(WHAT_IF, {"time_limit": "5", **form})
    assert answer.status_code == 422
    assert says in text(answer)
    assert queue.jobs_of(database, tiny, "whatif") == []


def test_the_forecast_counts_who_fits(staff: Browser, tiny: int) -> None:
    page = text(staff.get("/events/tiny/forecast?l0=da&p0=3&l0=pt&p0=7&l1=en&p1=5"))
    assert "2 students fit of 5" in page
    assert "Danish B1 or Portuguese native" in page
    assert "costs most: without it 4 would fit, 2 more" in page


def test_the_forecast_leaves_out_what_it_does_not_understand(staff: Browser, tiny: int) -> None:
    answer = staff.get("/events/tiny/forecast?l0=da&p0=99&position=king&field=")
    assert answer.status_code == 200
    assert "fit of" not in text(answer)
