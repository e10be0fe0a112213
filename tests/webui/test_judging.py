"""The quick judge of changes by hand answers as the verifier does."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.generate import generate_event
from scheduler.model import Event, Meeting, Timetable
from scheduler.verify import violations
from tests.webui.timetables import solved
from webui.operations.judging import Judge


@lru_cache
def hard(seed: int) -> tuple[Event, Timetable, Judge]:
    event = generate_event(students=24, companies=8, seed=seed, slots=7, seats=2, is_hard=True)
    event = replace(event, rules=replace(event.rules, max_in_a_row=2))
    timetable = solved(event)
    assert violations(event, timetable) == ()
    return event, timetable, Judge(event, timetable)


def a_change(
    random: Random, event: Event, timetable: Timetable
) -> tuple[list[Meeting], list[Meeting]]:
    """Meetings taken away and made: a move, a swap, one more, one fewer."""
    removed = random.sample(timetable.meetings, random.choice([0, 1, 1, 2]))
    added = []
    for old in removed or random.sample(timetable.meetings, 1):
        student = random.choice(event.students).student_id
        company = random.choice(timetable.meetings)
        kind = random.choice(["time", "student", "company", "all"])
        slot = random.randrange(len(event.window.slots)) if kind in ("time", "all") else old.slot
        own = old._replace(slot=slot)
        if kind in ("student", "all"):
            own = own._replace(student_id=student)
        if kind in ("company", "all"):
            own = own._replace(
                company_id=company.company_id, room_id=company.room_id, table=company.table
            )
        added.append(own)
    if len(removed) == 2 and random.random() < 0.5:
        one, two = removed
        added = [
            two._replace(student_id=one.student_id),
            one._replace(student_id=two.student_id),
        ]
    return removed, added[: random.choice([0, 2, 2, 2])]


@settings(max_examples=60)
@given(st.integers(1, 2), st.integers(0, 10_000))
def test_a_change_breaks_the_rules_that_the_verifier_names(seed: int, choice: int) -> None:
    event, timetable, judge = hard(seed)
    random = Random(choice)
    for _ in range(10):
        removed, added = a_change(random, event, timetable)
        kept = [own for own in timetable.meetings if own not in removed]
        changed = Timetable((*kept, *added), timetable.places)

        found = {own.rule for own in judge.conflicts(removed, added)}

        assert found == {own.rule for own in violations(event, changed)}, (removed, added)


def test_the_changes_tried_break_every_rule() -> None:
    broken: set[str] = set()
    for seed in range(1, 3):
        event, timetable, judge = hard(seed)
        for choice in range(500):
            broken |= {
                own.rule for own in judge.conflicts(*a_change(Random(choice), event, timetable))
            }
    assert broken == {
        "one_place_at_a_time",
        "seats",
        "room_capacity",
        "presence",
        "once_per_pair",
        "eligible",
        "max_meetings",
        "pins",
        "walking_time",
        "max_in_a_row",
    }
