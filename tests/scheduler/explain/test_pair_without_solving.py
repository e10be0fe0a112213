"""Why a pair does not meet, by counting alone: as `explain_pair` wherever that need not solve."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scheduler.errors import InvalidEventError
from scheduler.explain.openings import Obstacle, Opening
from scheduler.explain.pair import explain_pair, explain_without_solving
from scheduler.explain.pair_answer import OwnMeetings, PairKind, SharedPlaces
from scheduler.explain.pair_words import sentences
from scheduler.model import RoomId, Rules
from scheduler.strategies.base import Settings
from tests.scheduler.events import (
    make_company,
    make_event,
    make_meeting,
    make_room,
    make_timetable,
    veto,
)


def test_what_is_certain_is_what_explain_pair_says() -> None:
    event = make_event(["s1", "s2"], ["c1", "c2"], shortlist=[veto("c1", "s1")])
    table = make_timetable(make_meeting(0, "s1", "c2"))
    for student, company, kind in (("s1", "c1", PairKind.VETO), ("s1", "c2", PairKind.MEETS)):
        answer = explain_without_solving(event, table, student, company)
        assert answer.kind is kind
        assert answer == explain_pair(
            event, table, student, company, settings=Settings(workers=1), in_child=False
        )


def test_where_only_a_solve_decides_the_places_and_own_meetings_are_told() -> None:
    rules = Rules(max_meetings_per_student=1, guaranteed_meetings_per_student=1)
    event = make_event(
        ["s1", "s2"], ["c2", "c1"], {"s1": ["c2", "c1"], "s2": ["c1"]}, slots=1, rules=rules
    )
    table = make_timetable(make_meeting(0, "s1", "c2", 1), make_meeting(0, "s2", "c1", 2))
    answer = explain_without_solving(event, table, "s1", "c1")
    assert answer.kind is PairKind.UNKNOWN
    assert answer.places == SharedPlaces(1, 1, 1, ((1, 1),), 1)
    assert answer.own == OwnMeetings((1,), 1, is_own_limit=False, is_all_better=True)
    assert answer.price is None


def test_an_unknown_person_is_refused() -> None:
    with pytest.raises(InvalidEventError, match="'s9' is not there"):
        explain_without_solving(make_event(), make_timetable(), "s9", "c1")


def test_a_seat_left_in_a_room_that_is_full_is_told_with_the_room() -> None:
    event = make_event(
        ["s1", "s2"],
        [make_company("c1", seats=2, room_id=RoomId("r1"))],
        slots=2,
        rooms=[make_room("r1", capacity=1)],
    )
    table = make_timetable(make_meeting(1, "s2", "c1"))
    answer = explain_without_solving(event, table, "s1", "c1")
    assert answer.openings == (Opening(0, None), Opening(12, Obstacle.ROOM_FULL, event.rooms[0]))
    assert "A seat is free at 13:12, but Room r1 is full with 1 student." in sentences(
        event, answer
    )
    elsewhere = {(RoomId("r1"), 0): 1, (RoomId("r1"), 1): 1}
    told = explain_without_solving(event, table, "s1", "c1", in_room=elsewhere)
    assert {own.obstacle for own in told.openings} == {Obstacle.ROOM_FULL}


def test_a_seat_that_the_students_own_meetings_keep_is_told_with_the_rule() -> None:
    rules = Rules(max_in_a_row=1, building_change_min=30)
    event = make_event(
        ["s1"],
        [make_company("c1", room_id=RoomId("r1")), make_company("c2", room_id=RoomId("r2"))],
        slots=5,
        rooms=[make_room("r1"), make_room("r2", building="Hill")],
        rules=rules,
    )
    meeting = make_meeting(0, "s1", "c2", room_id="r2")
    table = make_timetable(meeting)
    told = explain_without_solving(event, table, "s1", "c1").openings
    too_far = [Obstacle.TOO_FAR] * 3
    assert [own.obstacle for own in told] == [Obstacle.BUSY, *too_far, None]
    near = replace(event, rooms=(event.rooms[0], replace(event.rooms[1], building="")))
    told = explain_without_solving(near, table, "s1", "c1").openings
    assert [own.obstacle for own in told] == [Obstacle.BUSY, Obstacle.ROW, None, None, None]
