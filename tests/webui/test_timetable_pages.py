"""The timetable's pages: grid, list, panel, changes by form, verdicts."""

from __future__ import annotations

import re
from collections.abc import Callable

from sqlalchemy import update

from tests.webui.conftest import Browser
from tests.webui.timetables import PAGE, board, clear, edit, make_working, now_of, pk, sent, turn
from webui.operations.accounts import Colleague
from webui.operations.board import Board
from webui.operations.changes import Change
from webui.store import Database, EventRow, RoomRow

__all__ = ["board"]


def test_without_a_timetable_the_page_says_what_to_do(staff: Browser, tiny: int) -> None:
    page = staff.get(PAGE).get_data(as_text=True)
    assert "No timetable yet" in page
    assert staff.get(f"{PAGE}/list").headers["Location"] == PAGE
    assert staff.get(f"{PAGE}/verdicts?student=1&company=1").status_code == 404
    assert staff.post(f"{PAGE}/change", {"kind": "undo", "revision": "1"}).status_code == 404


def test_the_grid_shows_every_meeting_and_every_free_place(staff: Browser, board: Board) -> None:
    page = staff.get(PAGE).get_data(as_text=True)
    assert page.count('class="chip') == len(board.timetable.meetings)
    assert page.count('class="free"') == 9 - len(board.timetable.meetings)
    assert 'scope="col"' in page
    assert 'scope="row"' in page
    assert "Ana Sousa" in page
    assert "Main hall" in page


def test_a_meeting_is_moved_by_form_and_taken_back(
    staff: Browser, board: Board, database: Database, administrator: Colleague
) -> None:
    board = clear(database, administrator, board, ("ana", "coffee", 0))
    values = {
        **sent(board, turn(board, "coffee", 2)),
        "kind": "move",
        "student": str(pk(board, "ana")),
        "company": str(pk(board, "coffee")),
    }
    answer = staff.post(f"{PAGE}/change", values)
    assert answer.status_code == 302
    assert now_of(database, board).meetings["ana", "coffee"].slot == 2  # type: ignore[index]
    page = staff.get(answer.headers["Location"]).get_data(as_text=True)
    assert "Ana Sousa meets Café Brænd at 13:24, not 13:00" in page
    undone = {"kind": "undo", "revision": str(board.row.revision + 1)}
    assert staff.post(f"{PAGE}/change", undone).status_code == 302
    assert now_of(database, board).meetings["ana", "coffee"].slot == 0  # type: ignore[index]


def test_a_conflict_is_told_and_a_pin_offered_only_where_it_may_overrule(
    staff: Browser, board: Board, database: Database, administrator: Colleague
) -> None:
    board = clear(database, administrator, board, ("ana", "coffee", 0))
    values = {**sent(board, turn(board, "software", 1)), "kind": "add"}
    refused = staff.post(f"{PAGE}/change", {**values, "student": str(pk(board, "ana"))})
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert "not among the wishes" in page
    assert "Keep it as a pin, because" in page
    again = {"student": str(pk(board, "ana")), "is_pinned": "yes", "reason": "asked for it"}
    assert staff.post(f"{PAGE}/change", {**values, **again}).status_code == 302
    board = now_of(database, board)
    assert ("ana", "software") in board.meetings
    vetoed = {**sent(board, turn(board, "robots", 1)), "kind": "add"}
    refused = staff.post(f"{PAGE}/change", {**vetoed, "student": str(pk(board, "chiara"))})
    page = refused.get_data(as_text=True)
    assert "the company said no" in page
    assert "Keep it as a pin" not in page


def test_a_stale_change_shows_both(
    staff: Browser, board: Board, database: Database, administrator: Colleague
) -> None:
    board = clear(database, administrator, board, ("ana", "coffee", 0))
    pair = Change("pin", pk(board, "ana"), pk(board, "coffee"))
    edit(database, administrator, board, pair)
    late = {
        **sent(board),
        "kind": "remove",
        "student": str(pk(board, "ana")),
        "company": str(pk(board, "coffee")),
    }
    answer = staff.post(f"{PAGE}/change", late)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Ana Sousa and Café Brænd pinned" in page
    assert "Make my change all the same" in page
    assert ("ana", "coffee") in now_of(database, board).meetings


def test_the_panel_says_what_is_met_and_why_not(
    staff: Browser, board: Board, database: Database, administrator: Colleague
) -> None:
    board = clear(database, administrator, board, ("ana", "coffee", 0))
    chiara = pk(board, "chiara")
    page = staff.get(f"{PAGE}?student={chiara}").get_data(as_text=True)
    assert "1 meeting below the guarantee" in page
    assert "the company said no" in page
    assert "2 free places fit" in page
    pair = f"{PAGE}?student={chiara}&company={pk(board, 'software')}"
    page = staff.get(pair).get_data(as_text=True)
    assert "Let them meet" in page
    assert "Work out the price" in page
    own = turn(board, "coffee", 1)
    page = staff.get(f"{PAGE}?place={own.company_pk}-1-{own.table}").get_data(as_text=True)
    assert "Who could come" in page
    assert "David" in page or "Dávid" in page
    page = staff.get(f"{PAGE}?company={pk(board, 'coffee')}").get_data(as_text=True)
    assert "Want to come, but do not" in page


def test_every_kind_of_change_by_form(
    staff: Browser, board: Board, database: Database, administrator: Colleague
) -> None:
    board = clear(database, administrator, board, ("ana", "coffee", 0), ("chiara", "coffee", 1))
    ana, chiara, coffee = (str(pk(board, own)) for own in ("ana", "chiara", "coffee"))
    other = {"other_student": chiara, "other_company": coffee}
    free = turn(board, "coffee", 2)
    steps: list[dict[str, str]] = [
        {"kind": "swap", "student": ana, "company": coffee, **other},
        {"kind": "pin", "student": ana, "company": coffee, "reason": "asked"},
        {"kind": "unpin", "student": ana, "company": coffee},
        {"kind": "lock", "company": coffee, "show": "company"},
        {"kind": "unlock", "company": coffee, "show": "company"},
        {"kind": "forbid", "student": ana, "company": coffee, "reason": "relatives"},
        {"kind": "allow", "student": ana, "company": coffee},
        {
            "kind": "turn",
            "student": ana,
            "to": f"add:0:{coffee}-2-{free.table}",
        },
        {"kind": "undo"},
        {"kind": "redo"},
        {"kind": "remove", "student": ana, "company": coffee},
    ]
    for step in steps:
        answer = staff.post(f"{PAGE}/change", {**sent(board), **step})
        assert answer.status_code == 302, (step, answer.get_data(as_text=True))
        assert staff.get(answer.headers["Location"]).status_code == 200
        board = now_of(database, board)
    assert [own[0] for own in board.meetings] == ["chiara"]


def test_verdicts_tell_for_every_place(
    staff: Browser, board: Board, database: Database, administrator: Colleague
) -> None:
    board = clear(database, administrator, board, ("ana", "coffee", 0), ("chiara", "coffee", 1))
    asked = f"{PAGE}/verdicts?student={pk(board, 'ana')}&company={pk(board, 'coffee')}"
    told = staff.get(asked).get_json()

    def at(company: str, slot: int) -> str:
        own = turn(board, company, slot)
        return str(told["texts"][told["turns"][f"{own.company_pk}-{slot}-{own.table}"]])

    assert at("coffee", 2) == ""
    assert at("robots", 0) == ""
    assert at("software", 2) == "not among the wishes"
    number = told["turns"][f"{pk(board, 'software')}-2-{turn(board, 'software', 2).table}"]
    assert told["pins"][number] is True
    swap = told["swaps"][f"{pk(board, 'chiara')}-{pk(board, 'coffee')}"]
    assert told["texts"][swap] == ""
    assert staff.get(f"{PAGE}/verdicts?student=1000000&company=1").status_code == 404


def test_the_list_filters_and_finds(
    staff: Browser, board: Board, database: Database, administrator: Colleague
) -> None:
    clear(database, administrator, board, ("ana", "coffee", 0))
    below = staff.get(f"{PAGE}/list?show=below").get_data(as_text=True)
    assert "Chiara" in below
    assert "Ana Sousa" not in below
    assert "Ana Sousa" in staff.get(f"{PAGE}/list?show=unmet").get_data(as_text=True)
    found = staff.get(f"{PAGE}/list?q=ROSSI").get_data(as_text=True)
    assert "Chiara" in found
    assert "Ana Sousa" not in found


def test_the_search_jumps_to_whom_it_finds(staff: Browser, board: Board) -> None:
    assert "<h2><bdi>Chiara Rossi</bdi></h2>" in staff.get(f"{PAGE}?q=rossi").get_data(as_text=True)
    assert "<h2><bdi>Lime Software</bdi></h2>" in staff.get(f"{PAGE}?q=lime").get_data(as_text=True)
    several = staff.get(f"{PAGE}?q=a").get_data(as_text=True)
    assert "Found: a" in several
    assert "Nobody has this" in staff.get(f"{PAGE}?q=zzz").get_data(as_text=True)


def test_the_desk_sees_and_changes_nothing(
    browser: Browser, join: Callable[..., Colleague], board: Board, database: Database, tiny: int
) -> None:
    from webui.store import Membership

    desk = join("desk@au.dk", "desk")
    with database.writing() as session:
        session.add(Membership(event_id=tiny, staff_id=desk.actor.id))
    browser.sign_in(desk.email)
    page = browser.get(PAGE).get_data(as_text=True)
    assert "Ana Sousa" in page
    assert "draggable" not in page
    assert not re.search(r'name="kind" value="(undo|lock|remove)"', page)
    assert browser.post(f"{PAGE}/change", {"kind": "undo", "revision": "1"}).status_code == 403
    assert now_of(database, board).row.revision == board.row.revision


def test_a_room_that_is_full_is_named_wherever_somebody_asks(
    staff: Browser, database: Database, administrator: Colleague, tiny: int
) -> None:
    """The hall takes one at a time, and every slot is taken; Ana meets nobody."""
    with database.writing() as session:
        session.execute(update(RoomRow).values(capacity=1))
        session.get_one(EventRow, tiny).revision += 1
    board = clear(
        database,
        administrator,
        make_working(database, tiny),
        ("eunji", "coffee", 0),
        ("bilal", "robots", 1),
        ("chiara", "software", 2),
    )
    page = staff.get(PAGE).get_data(as_text=True)
    assert "3 of 3 places taken · at most 1 student in the room at once" in page
    assert page.count("<span>room full</span>") == 6
    ana, coffee = pk(board, "ana"), pk(board, "coffee")
    for address in (f"?student={ana}", f"?student={ana}&company={coffee}", f"?company={coffee}"):
        panel = staff.get(PAGE + address).get_data(as_text=True)
        assert "Main hall is full at 13:12, 13:24: 1 of 1 student" in panel, address
    place = turn(board, "coffee", 1)
    panel = staff.get(f"{PAGE}?place={place.company_pk}-1-{place.table}").get_data(as_text=True)
    assert "Free seat, room full" in panel
    assert "Main hall is full at 13:12: 1 of 1 student. Nobody more can sit" in panel


def test_a_free_place_says_why_those_who_wish_it_cannot_come(
    staff: Browser, database: Database, administrator: Colleague, board: Board
) -> None:
    """Of coffee's four at 13:12: three sit elsewhere then, the fourth comes there at 13:24."""
    board = clear(
        database,
        administrator,
        board,
        ("ana", "robots", 1),
        ("chiara", "software", 1),
        ("david", "coffee", 2),
    )
    place = turn(board, "coffee", 1)
    address = f"{PAGE}?place={place.company_pk}-1-{place.table}"
    assert "Who could come" in staff.get(address).get_data(as_text=True)  # Eunji
    board = edit(
        database,
        administrator,
        board,
        Change("add", pk(board, "eunji"), to=turn(board, "coffee", 0)),
    )
    panel = staff.get(address).get_data(as_text=True)
    assert "Those who want it cannot come then" in panel
    assert "with Fjord Robotics then" in panel
