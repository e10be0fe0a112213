"""The lists of an event: shown, searched, sorted."""

from __future__ import annotations

import pytest
from sqlalchemy import event as sql_event

from scheduler.generate import generate_event
from tests.webui.conftest import Browser, Clock
from tests.webui.people import one
from webui.operations import demand, importing
from webui.operations.accounts import Colleague
from webui.store import (
    AbsenceRow,
    CompanyRow,
    Database,
    EventRow,
)

NAMES = ("companies", "students", "rooms", "wishes", "shortlist", "unavailable", "decisions")


def test_overview_shows_wishes_against_places(staff: Browser, people_at: str) -> None:
    page = " ".join(staff.get(people_at).get_data(as_text=True).split())
    # two slots and a fifth of a minute more: three slots of one seat each
    assert "Café Brænd" in page
    assert "4 wishes for 3 places" in page
    assert "Nothing keeps this event from being solved." in page


def test_places_count_presence_absence_and_maximum(
    staff: Browser, database: Database, tiny: int, people_at: str
) -> None:
    coffee = one(database, CompanyRow, company_id="coffee")
    robots = one(database, CompanyRow, company_id="robots")
    with database.writing() as session:
        session.get_one(CompanyRow, coffee.id).tables = 2
        session.get_one(CompanyRow, robots.id).max_meetings = 1
        session.add(AbsenceRow(event_id=tiny, company_pk=coffee.id, start_min=780, end_min=785))
    places = {
        own.company_id: own.places
        for own in demand.demand(database, one(database, EventRow, id=tiny))
    }
    assert places == {"coffee": 4, "robots": 1, "software": 3}


@pytest.mark.parametrize("name", NAMES)
def test_every_list_opens(staff: Browser, people_at: str, name: str) -> None:
    assert staff.get(f"{people_at}/{name}").status_code == 200
    assert staff.get(f"{people_at}/{name}?q=zzz&sort=-name&page=7&problems=1").status_code == 200


def test_lists_speak_of_languages_and_rooms_by_name(staff: Browser, people_at: str) -> None:
    students = staff.get(f"{people_at}/students").get_data(as_text=True)
    assert "Portuguese (native), English C1" in students
    assert ":native" not in students
    companies = staff.get(f"{people_at}/companies").get_data(as_text=True)
    assert "<bdi>Main hall</bdi>" in companies


def test_unknown_lists_and_rows_are_not_there(staff: Browser, people_at: str) -> None:
    assert staff.get(f"{people_at}/secrets").status_code == 404
    assert staff.get(f"{people_at}/students/999").status_code == 404
    assert staff.get(f"{people_at}/wishes/new").status_code == 404


def test_search_minds_neither_case_nor_accents(staff: Browser, people_at: str) -> None:
    page = staff.get(f"{people_at}/students?q=DAVID nagy").get_data(as_text=True)
    assert "Nagy Dávid" in page
    assert "Bilal" not in page
    assert "1 of 5 rows" in page


def test_lists_are_sorted_and_filtered_by_the_server(staff: Browser, people_at: str) -> None:
    page = staff.get(f"{people_at}/students?sort=-wishes").get_data(as_text=True)
    assert page.index("Chiara Rossi") < page.index("Ana Sousa")
    page = staff.get(f"{people_at}/shortlist?verdict=no").get_data(as_text=True)
    assert "Chiara Rossi" in page
    assert "김은지" not in page


def test_problems_of_the_event_stand_at_their_rows(
    staff: Browser, database: Database, people_at: str
) -> None:
    row = one(database, CompanyRow, company_id="coffee")
    form = {"company_id": "coffee", "name": "Coffee", "room_id": "attic", "was": str(row.revision)}

    assert staff.post(f"{people_at}/companies/{row.id}", form).status_code == 303

    page = staff.get(f"{people_at}/companies?problems=1").get_data(as_text=True)
    assert "1 of 3 rows" in page
    assert "&#39;attic&#39;" in page
    assert "1 thing to put right" in staff.get(people_at).get_data(as_text=True)


def test_large_lists_ask_the_database_few_questions(
    staff: Browser, database: Database, administrator: Colleague, clock: Clock
) -> None:
    event = generate_event(students=300, companies=40, seed=1)
    importing.create_from(database, administrator.actor, clock(), event)
    asked: list[str] = []
    sql_event.listen(database.engine, "before_cursor_execute", lambda *own: asked.append(own[2]))
    for name in ("", "/students", "/wishes", "/companies"):
        staff.get(f"/events/{event.event_id}/people{name}")
        asked.clear()
        page = staff.get(f"/events/{event.event_id}/people{name}")
        assert page.status_code == 200
        assert len(asked) <= 16, name
