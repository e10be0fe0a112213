"""What the engine says, on Danish pages and from the database."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select, text

from scheduler.errors import Problem
from scheduler.sentence import (
    Grouped,
    Sentence,
    Term,
    TermKind,
    column_word,
    counted,
    languages_asked,
    listed,
    say,
    table_word,
)
from tests.webui.conftest import EXAMPLES, Browser
from tests.webui.jobs import do_jobs
from tests.webui.timetables import make_working
from webui.operations import events, queue
from webui.store import CompanyRow, Database, DecisionRow, EventRow, Job, StudentRow
from webui.store.sentences import plain, spoken
from webui.words.sentences import said

NESTED = say(
    "'%(id)s' is not in %(where)s",
    id="<b>",
    where=listed(
        [
            table_word("rooms"),
            counted(1, "%(num)s table", "%(num)s tables"),
            say("write less than %(limit)s", limit=Grouped(12345)),
        ],
        " and ",
    ),
)


@pytest.fixture
def dane(staff: Browser) -> Browser:
    staff.client.set_cookie("language", "da")
    return staff


def shown(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", answer.get_data(as_text=True)).split())


def test_a_sentence_is_said_in_the_readers_words_from_the_outside_in(app: Flask) -> None:
    with app.test_request_context():
        with force_locale("da"):
            assert said(NESTED) == (
                "»<b>« findes ikke på listen Lokaler og 1 bord og skriv mindre end 12.345"
            )
            assert said(counted(1234, "%(num)s place", "%(num)s places")) == "1.234 pladser"
            assert (
                said(languages_asked([["da:B2", "de:native"]])) == "dansk B2 eller tysk modersmål"
            )
            assert said(Term(TermKind.POSITION, "student_job")) == "studiejob"
            assert said(column_word("rules.max_in_a_row")) == "Flest møder i træk"
            assert said("A name") == "A name"
        with force_locale("en"):
            assert said(NESTED) == "'<b>' is not in Rooms and 1 table and write less than 12,345"


def test_a_problem_is_said_with_its_place(app: Flask) -> None:
    problem = Problem("students", say("the cell is empty"), say("fill it in"), column="name", row=3)
    with app.test_request_context(), force_locale("da"):
        assert said(problem) == "Studerende, række 3, kolonnen Navn: cellen er tom; udfyld den"
        own = replace(problem, file="studerende.csv", column="fornavn")
        assert said(own).startswith("studerende.csv, række 3, kolonnen fornavn: ")


def test_what_is_stored_is_the_same_again() -> None:
    progress = {"notes": [NESTED, "plain"], "n": 3, "rows": [{"problems": [listed(["a"], "; ")]}]}

    again = spoken(json.loads(json.dumps(plain(progress))))

    assert again == progress
    assert plain(again) == plain(progress)
    assert isinstance(again["notes"][0], Sentence)
    assert not isinstance(again["notes"][1], Sentence)


def test_bad_cells_of_an_import_are_said_in_danish(dane: Browser, tiny: int) -> None:
    content = (EXAMPLES / "tiny/students.csv").read_text()
    header, first, *rest = content.splitlines()
    cells = dict(zip(header.split(","), first.split(","), strict=False))
    cells |= {"name": "", "languages": "dansk:B1", "positions": "king", "arrives": "25:00"}
    lines = [header, ",".join(cells.values()), *rest, "x" + ",y" * header.count(",")]
    answer = dane.post(
        "/events/tiny/import",
        {"files": [(io.BytesIO("\n".join(lines).encode()), "students.csv")]},
        content_type="multipart/form-data",
    )
    page = shown(answer)
    assert answer.status_code == 422
    assert "cellen er tom; udfyld den" in page
    assert "»dansk:B1« har ingen sprogkode; mente du da:B1?" in page
    assert "»king« er ikke en stillingstype (praktik, studiejob, fuldtid)" in page
    assert "»25:00« er ikke et klokkeslæt på døgnet; skriv 00:00 til 24:00" in page
    assert not re.search(r"is not|fill it|did you mean|has no", page)


def _pin(database: Database, event_id: int, *, most: int) -> None:
    """Pin Ana twice, in two slots of which she may have ``most`` in a row."""
    with database.writing() as session:
        row = session.get_one(EventRow, event_id)
        row.rules = {**row.rules, "max_in_a_row": most}
        row.end_min = row.start_min + 22
        student = session.scalars(select(StudentRow).where(StudentRow.student_id == "ana")).one()
        companies = session.scalars(select(CompanyRow).where(CompanyRow.event_id == event_id)).all()
        session.add_all(
            DecisionRow(event_id=event_id, kind="pin", student_pk=student.id, company_pk=own.id)
            for own in companies[:2]
        )
        events.touch(session, event_id)


def test_what_clashes_is_said_in_danish(dane: Browser, tiny: int, database: Database) -> None:
    _pin(database, tiny, most=1)
    dane.post("/events/tiny/solve", {"time_limit": "60", "seed": "1", "note": ""})
    [job] = do_jobs(database)
    assert job.progress["facts"]

    page = shown(dane.get("/events/tiny/solve"))

    assert "højst 1 møde i træk" in page
    assert "Ana Sousa er fastholdt hos Café Brænd" in page
    assert "sæt »Flest møder i træk« til 0, altså ingen grænse" in page
    assert "ophæv fastholdelsen af Ana Sousa hos Café Brænd" in page
    dane.client.set_cookie("language", "en")
    page = shown(dane.get("/events/tiny/solve"))
    assert "at most 1 meeting in a row (max_in_a_row)" in page
    assert "drop the pin of Ana Sousa with Café Brænd" in page


def test_why_two_do_not_meet_and_the_price_are_said_in_danish(
    dane: Browser, tiny: int, database: Database
) -> None:
    board = make_working(database, tiny)
    students = {str(key): pk for key, pk in board.people.student_pks.items()}
    companies = {str(key): pk for key, pk in board.people.company_pks.items()}
    met = {(str(own.student_id), str(own.company_id)) for own in board.timetable.meetings}
    wished = {(str(own.student_id), str(own.company_id)) for own in board.event.preferences}
    texts = []
    for student, company in sorted(wished - met):
        pair = {"student": str(students[student]), "company": str(companies[company])}
        dane.post("/events/tiny/timetable/price", {**pair, "show": "pair"})
        do_jobs(database)
        address = (
            f"/events/tiny/timetable/price?student={pair['student']}&company={pair['company']}"
        )
        texts.append(shown(dane.get(address)))

    told = " ".join(texts)
    assert "til den studerende" in told
    assert "hvor begge er til stede" in told
    assert not re.search(r"\b(the|they|meet|with|which|instead|asks)\b", told, re.IGNORECASE)


def test_a_setting_that_cannot_be_is_said_in_danish(dane: Browser, tiny: int) -> None:
    page = shown(dane.get("/events/tiny/set-up"))
    form = {
        "event.name": "Prøve",
        "event.date": "2026-11-26",
        "event.start": "15:00",
        "event.end": "13:00",
        "event.timezone": "Mars",
        "event.language": "da",
        "event.slot_min": "ti",
        "event.changeover_min": "2",
    }
    page = shown(dane.post("/events/tiny/set-up", form))
    assert "»Mars« er ikke en tidszone; skriv for eksempel Europe/Copenhagen" in page
    assert "»ti« er ikke et helt tal" in page


def test_what_is_wrong_in_lists_is_said_in_danish(
    dane: Browser, tiny: int, database: Database
) -> None:
    with database.writing() as session:
        company = session.scalars(select(CompanyRow).where(CompanyRow.event_id == tiny)).first()
        assert company
        company.min_meetings, company.max_meetings = 99, 1
        events.touch(session, tiny)
    for address in ("people", "people/companies", "solve"):
        page = shown(dane.get(f"/events/tiny/{address}"))
        assert "mindst 99 møder, men højst 1; sæt »Færrest møder« ned" in page, address
    refused = shown(dane.post("/events/tiny/solve", {"time_limit": "60", "seed": "1", "note": ""}))
    assert "kolonnen Færrest møder" in refused


def test_sentences_are_stored_in_parts(database: Database, dane: Browser, tiny: int) -> None:
    _pin(database, tiny, most=1)
    dane.post("/events/tiny/solve", {"time_limit": "60", "seed": "1", "note": ""})
    do_jobs(database)
    with database.reading() as session:
        raw = session.scalar(text("select progress from job"))
    stored = json.loads(raw) if isinstance(raw, str) else raw
    assert all("said" in fact for fact in stored["facts"])
    [job] = queue.jobs_of(database, tiny, "solve")
    assert isinstance(job, Job)
    assert all(isinstance(fact, Sentence) for fact in job.progress["facts"])


def test_why_a_variation_cannot_be_is_said_in_danish(
    dane: Browser, tiny: int, database: Database
) -> None:
    dane.post(
        "/events/tiny/what-if",
        {"end": "13:05", "guarantee": "30", "slot_min": "10;5", "time_limit": "5"},
    )
    do_jobs(database)
    page = shown(dane.get("/events/tiny/what-if"))
    assert "Minutter pr. møde: der er ikke plads til et møde på 10 minutter" in page
    assert "; Indstillinger, Garanterede møder for en studerende: 30 garanterede møder er" in page
