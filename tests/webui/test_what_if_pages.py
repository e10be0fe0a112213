"""What if, and the forecast: pages beside Solve that change nothing by themselves."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.webui.conftest import Browser, words_of
from tests.webui.jobs import do_jobs
from webui.operations import events, queue
from webui.store import (
    CompanyRow,
    Database,
    DecisionRow,
    EventRow,
    StudentRow,
)

WHAT_IF, SOLVE = "/events/tiny/what-if", "/events/tiny/solve"


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
    page = words_of(staff.get(WHAT_IF))
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
    assert "changed since these were compared" in words_of(late)


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
    page = words_of(staff.get(WHAT_IF))
    assert "slots of 8 min 1 pin with a time moves" in page
    assert "Ana Sousa · Café Brænd : from 13:12 to 13:10" in page
    assert "cannot be solved" not in page
    assert staff.post(f"{WHAT_IF}/{job.id}/use/1").status_code == 302
    assert "1 pin with a time moved to the nearest slot." in words_of(staff.get(SOLVE))
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
    assert says in words_of(answer)
    assert queue.jobs_of(database, tiny, "whatif") == []


def test_the_forecast_counts_who_fits(staff: Browser, tiny: int) -> None:
    asked = "l0=da&p0=3&l0=pt&p0=7&l1=en&p1=5&position=full_time&position=internship"
    page = words_of(staff.get(f"/events/tiny/forecast?{asked}"))
    assert "Full-time job or internship" in page
    page = words_of(staff.get("/events/tiny/forecast?l0=da&p0=3&l0=pt&p0=7&l1=en&p1=5"))
    assert "2 students fit of 5" in page
    assert "Danish B1 or Portuguese native" in page
    assert "costs most: without it 4 would fit, 2 more" in page


def test_the_forecast_tells_the_kinds_of_a_language_apart(
    staff: Browser, tiny: int, database: Database
) -> None:
    with database.writing() as session:
        kinds = ("pt:C1", "pt-BR:native", "pt-PT:B2")
        students = session.scalars(select(StudentRow).limit(len(kinds)))
        for student, own in zip(students, kinds, strict=True):
            student.languages = own
        events.touch(session, tiny)
    page = words_of(staff.get("/events/tiny/forecast"))
    assert "Portuguese, any (3)" in page
    assert "Brazilian Portuguese (1)" in page
    assert "European Portuguese (1)" in page


def test_the_form_keeps_what_was_compared(staff: Browser, tiny: int) -> None:
    form = {"slot_min": "8; 12", "end": "16:10", "company": "coffee", "tables": "2;3"}
    staff.post(WHAT_IF, {**form, "time_limit": "7"})
    page = staff.get(WHAT_IF).get_data(as_text=True)
    for value in ("8; 12", "16:10", "2; 3", "7"):
        assert f'value="{value}"' in page
    assert '<option value="coffee" selected>' in page


def test_the_forecast_leaves_out_what_it_does_not_understand(staff: Browser, tiny: int) -> None:
    answer = staff.get("/events/tiny/forecast?l0=da&p0=99&position=king&field=")
    assert answer.status_code == 200
    assert "fit of" not in words_of(answer)
