"""What stands beside the timetable: one student, one company, one pair or one free place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from scheduler.model import Meeting, StudentId
from webui.operations import verdicts
from webui.operations.board import Board, Decided
from webui.operations.changes import Turn, refused_without_pin
from webui.operations.log import NotFoundError
from webui.operations.verdicts import Unmet
from webui.words.conflicts import languages_of, positions_of, why

TURN = re.compile(r"([0-9]{1,9})-([0-9]{1,4})-([0-9]{1,4})")
MOST_SHOWN = 40
"""Of a list in the panel."""
MOST_KEPT = 8
"""Of those who wish a free place and cannot take it."""


@dataclass(frozen=True, slots=True)
class Met:
    """A meeting of the student or company that is shown."""

    student_pk: int
    company_pk: int
    clock: str
    name: str
    where: str
    rank: int | None
    decided: Decided | None


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish that is not met: with whom, why, and how many turns would fit."""

    student_pk: int
    company_pk: int
    name: str
    rank: int | None
    reason: str
    turns: int


@dataclass(frozen=True, slots=True)
class Choice:
    """A turn that could be taken; ``value`` is what the form sends."""

    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """Turns of one company, or in the place of one meeting."""

    name: str
    choices: tuple[Choice, ...]


def value_of(turn: Turn) -> str:
    """A turn as forms send it."""
    return f"{turn.company_pk}-{turn.slot}-{turn.table}"


def turn_of(text: str) -> Turn | None:
    """The turn that a form sent; None when it is none."""
    found = TURN.fullmatch(text)
    return Turn(*map(int, found.groups())) if found else None


def panel_of(board: Board, asked: dict[str, Any]) -> dict[str, Any]:
    """Values of the panel's template, by what was asked for.

    Raises
    ------
    NotFoundError
        Somebody is not of this event.
    """
    student_pk, company_pk = asked.get("student") or 0, asked.get("company") or 0
    turn = turn_of(asked.get("place") or "")
    if turn is not None:
        return _place(board, turn)
    if student_pk and company_pk:
        return _pair(board, student_pk, company_pk)
    if student_pk:
        return _student(board, student_pk)
    if company_pk:
        return _company(board, company_pk)
    return {"kind": "none"}


def _student(board: Board, student_pk: int) -> dict[str, Any]:
    student = board.people.students.get(student_pk)
    if student is None:
        raise NotFoundError
    meetings = sorted(board.judge.of_student.get(student.student_id, ()))
    met = [_met(board, own, is_company=False) for own in meetings]
    guarantee = board.event.rules.guaranteed_meetings_per_student
    return {
        "kind": "student",
        "student_pk": student_pk,
        "student": student,
        "languages": languages_of([(own,) for own in student.languages]),
        "positions": positions_of(student.positions),
        "met": met,
        "unmet": [
            _wish(board, own, is_company=False)
            for own in verdicts.unmet_wishes(board, student.student_id)
        ],
        "missing": max(0, guarantee - len(meetings)),
        "others": _other_companies(board, student.student_id),
        "is_locked": bool(met) and all(own.decided for own in met),
        "limit": board.judge.limit_of(student.student_id),
    }


def _other_companies(board: Board, student_id: StudentId) -> list[tuple[int, str]]:
    judge = board.judge
    return sorted(
        (
            (board.people.company_pks[own.company_id], own.name)
            for own in board.event.companies
            if (student_id, own.company_id) not in board.meetings
            and (student_id, own.company_id) not in judge.ranks
        ),
        key=lambda own: own[1].casefold(),
    )


def _company(board: Board, company_pk: int) -> dict[str, Any]:
    company = board.people.companies.get(company_pk)
    if company is None:
        raise NotFoundError
    meetings = board.judge.at_company(company.company_id)
    met = [_met(board, own, is_company=True) for own in meetings]
    unmet = verdicts.wishing(board, company.company_id)
    slots = board.judge.presence.companies[company.company_id].bit_count()
    return {
        "kind": "company",
        "company_pk": company_pk,
        "company": company,
        "languages": languages_of(company.languages),
        "positions": positions_of(company.positions),
        "met": met,
        "places": slots * company.capacity,
        "unmet": [
            _wish(board, verdicts.unmet_pair(board, own, company.company_id), is_company=True)
            for own in unmet[:MOST_SHOWN]
        ],
        "more": max(0, len(unmet) - MOST_SHOWN),
        "is_locked": bool(met) and all(own.decided for own in met),
    }


def _pair(board: Board, student_pk: int, company_pk: int) -> dict[str, Any]:
    people, judge = board.people, board.judge
    pair = people.pair(student_pk, company_pk)
    student, company = people.students[student_pk], people.companies[company_pk]
    meeting, decided = board.meetings.get(pair), people.decided.get((student_pk, company_pk))
    refusal = judge.pair(pair)
    needs_pin = refusal is not None and verdicts.is_by_pin((refusal,))
    return {
        "kind": "pair",
        "student_pk": student_pk,
        "company_pk": company_pk,
        "student": student,
        "company": company,
        "rank": judge.ranks.get(pair),
        "met": None if meeting is None else _met(board, meeting, is_company=False),
        "decided": decided,
        "decided_at": _decided_at(board, decided),
        "refusal": why(board, (refusal,)) if refusal else "",
        "needs_pin": needs_pin,
        "only_by_pin": meeting is not None and refused_without_pin(board, meeting),
        "groups": _moves(board, meeting)
        if meeting
        else []
        if refusal and not needs_pin
        else _additions(board, student.student_id, company_pk),
        "reason": "" if meeting or refusal else _reason(board, verdicts.unmet_pair(board, *pair)),
    }


def _moves(board: Board, meeting: Meeting) -> list[Group]:
    """Where a meeting may go: other turns of its company first, then other companies."""
    every = list(board.people.companies)
    turns = verdicts.verdicts_of(board, meeting, every, has_swaps=False).turns
    own_pk = board.people.company_pks[meeting.company_id]
    found: dict[int, list[Choice]] = {own_pk: []}
    for turn, conflicts in turns.items():
        if not conflicts:
            choice = Choice(value_of(turn), _turn_text(board, turn))
            found.setdefault(turn.company_pk, []).append(choice)
    return [
        Group(board.people.companies[company_pk].name, tuple(choices))
        for company_pk, choices in found.items()
        if choices
    ]


def _additions(board: Board, student_id: StudentId, company_pk: int) -> list[Group]:
    """Turns at which a pair could meet: one more meeting, or in the place of another."""
    groups = [
        Group(
            "",
            tuple(
                Choice(f"add:0:{value_of(turn)}", _turn_text(board, turn))
                for turn in verdicts.free_turns(board, student_id, company_pk)
            ),
        )
    ]
    for old in sorted(board.judge.of_student.get(student_id, ())):
        turns = verdicts.free_turns(board, student_id, company_pk, instead=old)
        old_pk = board.people.company_pks[old.company_id]
        clock = board.event.clock(board.event.window.slots[old.slot].start_min)
        name = f"{clock} {board.judge.companies[old.company_id].name}"
        groups.append(
            Group(
                name,
                tuple(
                    Choice(f"move:{old_pk}:{value_of(turn)}", _turn_text(board, turn))
                    for turn in turns
                ),
            )
        )
    return [own for own in groups if own.choices]


def _place(board: Board, turn: Turn) -> dict[str, Any]:
    company = board.people.companies.get(turn.company_pk)
    if company is None or not 0 <= turn.slot < len(board.event.window.slots):
        raise NotFoundError
    place = board.judge.places.get(company.company_id)
    if place is None or not (place.first_table <= turn.table < place.first_table + company.tables):
        raise NotFoundError
    able = verdicts.could_come(board, turn)
    full = board.judge.full_room(place.room_id, turn.slot)
    kept = [] if able or full else verdicts.kept_away(board, turn)
    guarantee = board.event.rules.guaranteed_meetings_per_student
    return {
        "kind": "place",
        "company_pk": turn.company_pk,
        "company": company,
        "turn": value_of(turn),
        "when": _turn_text(board, turn),
        "able": [
            (
                board.people.student_pks[own],
                board.judge.students[own].name,
                board.judge.ranks.get((own, company.company_id)),
                len(board.judge.of_student.get(own, ())) < guarantee,
            )
            for own in able[:MOST_SHOWN]
        ],
        "more": max(0, len(able) - MOST_SHOWN),
        "kept": [
            (
                board.people.student_pks[own],
                board.judge.students[own].name,
                rank,
                why(board, conflicts, of=own),
            )
            for own, rank, conflicts in kept[:MOST_KEPT]
        ],
        "full": why(board, (full,)) if full else "",
    }


def _met(board: Board, meeting: Meeting, *, is_company: bool) -> Met:
    company = board.judge.companies[meeting.company_id]
    student = board.judge.students[meeting.student_id]
    slot = board.event.window.slots[meeting.slot]
    room = board.judge.rooms[meeting.room_id].label
    decided = board.people.decision(meeting.student_id, meeting.company_id)
    return Met(
        board.people.student_pks[meeting.student_id],
        board.people.company_pks[meeting.company_id],
        board.event.clock(slot.start_min),
        student.name if is_company else company.name,
        f"{room} · {meeting.table}",
        board.judge.ranks.get((meeting.student_id, meeting.company_id)),
        decided,
    )


def _wish(board: Board, own: Unmet, *, is_company: bool) -> Wish:
    company, student = board.judge.companies[own.company_id], board.judge.students[own.student_id]
    return Wish(
        board.people.student_pks[own.student_id],
        board.people.company_pks[own.company_id],
        student.name if is_company else company.name,
        own.rank,
        _reason(board, own),
        len(own.turns),
    )


def _reason(board: Board, own: Unmet) -> str:
    return why(board, own.reasons, of=own.student_id)


def _turn_text(board: Board, turn: Turn) -> str:
    clock = board.event.clock(board.event.window.slots[turn.slot].start_min)
    company = board.people.companies[turn.company_pk]
    room = board.judge.rooms[board.judge.places[company.company_id].room_id]
    return f"{clock} · {room.label}, {turn.table}"


def _decided_at(board: Board, decided: Decided | None) -> str:
    if decided is None or decided.start_min is None:
        return ""
    return board.event.clock(decided.start_min - board.event.opens_min)
