from dataclasses import replace

import pytest

from scheduler.errors import InvalidEventError
from scheduler.generate import generate_event
from scheduler.keep import keep_meetings
from scheduler.model import Event, RoomId, Timetable
from scheduler.solve import solve
from scheduler.strategies.base import Settings
from scheduler.verify import violations
from tests.scheduler.events import (
    forbid,
    make_company,
    make_event,
    make_meeting,
    make_timetable,
    needs,
    pin,
    veto,
)


def solved(event: Event) -> Timetable:
    timetable = solve(event, Settings(workers=1, comfort_s=0.05), in_child=False).timetable
    assert timetable is not None
    return timetable


def refused(event: Event, timetable: Timetable) -> list[str]:
    with pytest.raises(InvalidEventError) as caught:
        keep_meetings(event, timetable, file="old.csv")
    return [str(problem) for problem in caught.value.problems]


def test_kept_meetings_are_in_the_next_timetable() -> None:
    event = generate_event(students=60, companies=10, seed=3, with_absences=True)
    before = solved(event)
    kept = Timetable(before.meetings[::2])
    after = solved(keep_meetings(event, kept, file="old.csv"))
    assert {m[:2] + m[3:] for m in kept.meetings} <= {m[:2] + m[3:] for m in after.meetings}
    assert violations(event, after) == ()


def test_a_late_forbid_moves_nobody_else() -> None:
    event = generate_event(students=60, companies=10, seed=3)
    before = solved(event)
    gone = before.meetings[0]
    later = replace(event, decisions=(forbid(gone.student_id, gone.company_id),))
    kept = Timetable(tuple(m for m in before.meetings if m != gone))
    after = solved(keep_meetings(later, kept, file="old.csv"))
    assert {m[:2] + m[3:] for m in kept.meetings} <= {m[:2] + m[3:] for m in after.meetings}


def test_untimed_pin_gives_way_to_the_kept_time() -> None:
    event = make_event(["s1"], ["c1"], decisions=[pin("s1", "c1")])
    kept = keep_meetings(event, make_timetable(make_meeting(2, "s1", "c1")), file="old.csv")
    assert kept.decisions == (pin("s1", "c1", 24),)


def test_company_without_a_room_stays_where_it_stood() -> None:
    event = make_event(["s1"], [make_company("c1", room_id=None)])
    kept = keep_meetings(event, make_timetable(make_meeting(0, "s1", "c1")), file="old.csv")
    assert kept.companies[0].room_id == "r1"


def test_pin_at_another_time_is_named() -> None:
    event = make_event(["s1"], ["c1"], decisions=[pin("s1", "c1", 0)])
    (problem,) = refused(event, make_timetable(make_meeting(2, "s1", "c1")))
    assert problem == (
        "old.csv, Student s1 with Company c1 at 13:24: is pinned at 13:00; "
        "leave its row out of the timetable to keep"
    )


def test_vetoed_meeting_is_named() -> None:
    event = make_event(["s1"], ["c1"], shortlist=[veto("c1", "s1")])
    (problem,) = refused(event, make_timetable(make_meeting(0, "s1", "c1")))
    assert problem.startswith("old.csv, Student s1 with Company c1 at 13:00: ")
    assert "veto" in problem


def test_company_that_was_moved_is_named() -> None:
    event = make_event(["s1"], ["c1"])
    (problem,) = refused(event, make_timetable(make_meeting(0, "s1", "c1", room_id=RoomId("r9"))))
    assert "now stands in room r1" in problem


def test_pair_that_is_no_longer_wished_is_named() -> None:
    event = make_event(["s1"], ["c1"], {})
    (problem,) = refused(event, make_timetable(make_meeting(0, "s1", "c1")))
    assert "not wished any more" in problem


def test_pair_that_a_language_now_refuses_is_named() -> None:
    event = make_event(["s1"], [make_company("c1", languages=needs("da:B1"))])
    (problem,) = refused(event, make_timetable(make_meeting(0, "s1", "c1")))
    assert "refused by the rule on language" in problem
