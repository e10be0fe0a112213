"""The timetable's pages: what making two meet costs, paying it, solving the rest around it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.webui.conftest import Browser
from tests.webui.jobs import do_jobs
from tests.webui.timetables import PAGE, board, clear, pk
from webui.operations.accounts import Colleague
from webui.operations.board import Board
from webui.store import Database, DecisionRow, EventRow, Job, MeetingRow, TimetableRow

__all__ = ["board"]


def test_the_price_is_worked_out_in_a_job_and_names_nobody_there(
    staff: Browser, board: Board, database: Database, administrator: Colleague
) -> None:
    board = clear(database, administrator, board, ("bilal", "robots", 0))
    pair = {"student": str(pk(board, "ana")), "company": str(pk(board, "robots"))}
    answer = staff.post(f"{PAGE}/price", {**pair, "show": "pair"})
    page = staff.get(answer.headers["Location"]).get_data(as_text=True)
    assert "Being worked out" in page
    [job] = do_jobs(database)
    assert (job.state, job.error) == ("done", "")
    assert "Ana" not in str(job.progress)
    fragment = staff.get(f"{PAGE}/price?student={pair['student']}&company={pair['company']}")
    text = fragment.get_data(as_text=True)
    assert "A better timetable than this one exists, in which they meet." in text
    assert "hx-trigger" not in text
    assert "before the event was changed" not in text
    with database.writing() as session:
        session.get_one(EventRow, board.row.event_id).revision += 1
    page = staff.get(f"{PAGE}?student={pair['student']}&company={pair['company']}")
    text = page.get_data(as_text=True)
    assert "Worked out before the event was changed." in text
    assert "A better timetable than this one exists, in which they meet." in text


def test_the_price_is_paid_by_a_pin_around_which_the_rest_is_solved(
    staff: Browser, board: Board, database: Database, administrator: Colleague
) -> None:
    board = clear(database, administrator, board, ("bilal", "robots", 0))
    pair = {"student": str(pk(board, "ana")), "company": str(pk(board, "robots")), "show": "pair"}
    staff.post(f"{PAGE}/price", pair)
    do_jobs(database)
    shown = f"{PAGE}?student={pair['student']}&company={pair['company']}"
    assert "Pin the two, solve the rest around it" in staff.get(shown).get_data(as_text=True)

    answer = staff.post(f"{PAGE}/price/pay", pair)

    assert answer.headers["Location"] == "/events/tiny/solve"
    [job] = do_jobs(database)
    assert (job.kind, job.state) == ("solve", "done")
    with database.reading() as session:
        row = session.scalars(select(TimetableRow).where(TimetableRow.job_id == job.id)).one()
        meetings = select(MeetingRow.company_pk).where(
            MeetingRow.timetable_id == row.id, MeetingRow.student_pk == int(pair["student"])
        )
        assert int(pair["company"]) in set(session.scalars(meetings))
        assert [own.kind for own in session.scalars(select(DecisionRow))] == ["pin"]


def test_a_pair_that_only_a_pin_allows_is_pinned_with_a_reason_alone(
    staff: Browser, board: Board, database: Database
) -> None:
    unranked = {"student": str(pk(board, "david")), "company": str(pk(board, "robots"))}
    refused = staff.post(f"{PAGE}/price/pay", unranked)
    assert refused.status_code == 422
    assert "Say why" in refused.get_data(as_text=True)
    with database.reading() as session:
        assert session.scalars(select(DecisionRow)).all() == []

    staff.post(f"{PAGE}/price/pay", {**unranked, "reason": "they asked"})
    with database.reading() as session:
        assert session.scalars(select(DecisionRow)).one().reason == "they asked"


def test_a_pair_that_a_veto_parts_is_not_pinned(
    staff: Browser, board: Board, database: Database
) -> None:
    vetoed = {"student": str(pk(board, "chiara")), "company": str(pk(board, "robots"))}
    answer = staff.post(f"{PAGE}/price/pay", {**vetoed, "reason": "please"})
    assert answer.status_code == 422
    with database.reading() as session:
        assert session.scalars(select(DecisionRow)).all() == []
        assert session.scalars(select(Job).where(Job.kind == "solve")).all() == []


@pytest.mark.parametrize("keeps", ["all", "pins"])
def test_solving_the_rest_starts_a_job(
    staff: Browser, board: Board, database: Database, keeps: str
) -> None:
    answer = staff.post(f"{PAGE}/solve", {"keeps": keeps})
    assert answer.headers["Location"] == "/events/tiny/solve"
    [job] = do_jobs(database)
    assert job.asked["keeps_working"] is (keeps == "all")
    assert job.state == "done"
    said = staff.get("/events/tiny/solve").get_data(as_text=True)
    assert ("Proven best around the meetings that were kept" in said) is (keeps == "all")
    assert "Proven best" in said
