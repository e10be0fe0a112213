"""What could be changed: where a meeting may go, who may take a place, why a wish is not met."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from scheduler.model import CompanyId, Meeting, StudentId
from webui.operations.board import Board
from webui.operations.changes import Turn
from webui.operations.judging import BY_PIN, Conflict

Conflicts = tuple[Conflict, ...]


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What speaks against each place where a meeting could go; nothing where it may go.

    Parameters
    ----------
    turns
        Turns with a free seat.
    swaps
        Other meetings, by rows of student and company, whose turn it could change with.
    """

    turns: Mapping[Turn, Conflicts]
    swaps: Mapping[tuple[int, int], Conflicts]


@dataclass(frozen=True, slots=True)
class Unmet:
    """A wish that is not met.

    Parameters
    ----------
    reasons
        Why; none where free turns would fit. Those of several slots stand together.
    turns
        Where they could meet without changing anything else.
    """

    student_id: StudentId
    company_id: CompanyId
    rank: int | None
    reasons: Conflicts
    turns: tuple[Turn, ...]


def verdicts_of(
    board: Board, meeting: Meeting, companies: Collection[int], *, has_swaps: bool = True
) -> Verdicts:
    """Judge every place of some companies for a meeting.

    Parameters
    ----------
    companies
        Rows of those whose tables are looked at.
    has_swaps
        Judge changing turns with other meetings too.
    """
    judge, people = board.judge, board.people
    turns = {}
    for company_pk in companies:
        for turn in turns_of(board, company_pk):
            new = _at(board, meeting.student_id, turn)
            if new != meeting and has_seat(board, new, meeting):
                turns[turn] = judge.conflicts((meeting,), (new,))
    shown = {people.companies[own].company_id for own in companies}
    swaps = {}
    for other in board.timetable.meetings if has_swaps else ():
        if other.company_id not in shown or other.student_id == meeting.student_id:
            continue
        mine = other._replace(student_id=meeting.student_id)
        if mine != meeting:  # else both sit in the same turn
            theirs = meeting._replace(student_id=other.student_id)
            key = people.student_pks[other.student_id], people.company_pks[other.company_id]
            swaps[key] = judge.conflicts((meeting, other), (mine, theirs))
    return Verdicts(turns, swaps)


def turns_of(board: Board, company_pk: int) -> Iterator[Turn]:
    """Every turn of a company, whether or not it is there."""
    company = board.people.companies[company_pk]
    place = board.judge.places.get(company.company_id)
    if place is None:
        return
    for slot in range(len(board.event.window.slots)):
        for table in range(place.first_table, place.first_table + company.tables):
            yield Turn(company_pk, slot, table)


def has_seat(board: Board, new: Meeting, old: Meeting | None = None) -> bool:
    """Whether a table has a free seat, once an old meeting has left."""
    seats = board.judge.companies[new.company_id].seats
    taken = board.judge.at_table[new.room_id, new.table, new.slot]
    leaves = old is not None and (old.room_id, old.table, old.slot) == (
        new.room_id,
        new.table,
        new.slot,
    )
    return taken - leaves < seats


def free_turns(
    board: Board, student_id: StudentId, company_pk: int, *, instead: Meeting | None = None
) -> tuple[Turn, ...]:
    """Turns of a company to which a student can come, perhaps instead of another meeting.

    A pair that only a pin allows has the turns that it could have with the pin.
    """
    judge = board.judge
    removed = () if instead is None else (instead,)
    pair = student_id, board.people.companies[company_pk].company_id
    found = []
    for turn in turns_of(board, company_pk):
        new = _at(board, student_id, turn)
        if new != instead and not judge.conflicts(removed, (new,), pinned=(pair,)):
            found.append(turn)
    return tuple(found)


def could_come(board: Board, turn: Turn) -> list[StudentId]:
    """Students who could take a free place, by rank, then those with the fewest meetings."""
    judge = board.judge
    company_id = board.people.companies[turn.company_pk].company_id
    found = [
        student.student_id
        for student in board.event.students
        if not judge.conflicts((), (_at(board, student.student_id, turn),))
    ]
    last = len(board.event.companies) + 1
    return sorted(
        found,
        key=lambda own: (
            judge.ranks.get((own, company_id), last),
            len(judge.of_student.get(own, ())),
        ),
    )


def kept_away(board: Board, turn: Turn) -> list[tuple[StudentId, int, Conflicts]]:
    """Students who wish a company and cannot take a free place of it: rank, and why not."""
    company_id = board.people.companies[turn.company_pk].company_id
    found = []
    for own in board.event.preferences:
        pair = own.student_id, own.company_id
        if own.company_id == company_id and pair not in board.meetings:
            conflicts = board.judge.conflicts((), (_at(board, own.student_id, turn),))
            if conflicts:
                found.append((own.student_id, own.rank, conflicts))
    return sorted(found, key=lambda each: each[1])


def unmet_wishes(board: Board, student_id: StudentId) -> list[Unmet]:
    """Wishes of a student that are not met, by rank."""
    wishes = sorted(
        (own.rank, own.company_id)
        for own in board.event.preferences
        if own.student_id == student_id and (student_id, own.company_id) not in board.meetings
    )
    return [unmet_pair(board, student_id, company_id) for _, company_id in wishes]


def wishing(board: Board, company_id: CompanyId) -> list[StudentId]:
    """Students who wish to meet a company and do not, by rank."""
    wishes = sorted(
        (own.rank, own.student_id)
        for own in board.event.preferences
        if own.company_id == company_id and (own.student_id, company_id) not in board.meetings
    )
    return [student_id for _, student_id in wishes]


def below_guarantee(board: Board) -> list[StudentId]:
    """Students with fewer meetings than the guarantee, in the order of the list."""
    guarantee = board.event.rules.guaranteed_meetings_per_student
    of_student = board.judge.of_student
    return [
        own.student_id
        for own in board.event.students
        if len(of_student.get(own.student_id, ())) < guarantee
    ]


def _at(board: Board, student_id: StudentId, turn: Turn) -> Meeting:
    company_id = board.people.companies[turn.company_pk].company_id
    place = board.judge.places[company_id]
    return Meeting(turn.slot, place.room_id, turn.table, student_id, company_id)


def unmet_pair(board: Board, student_id: StudentId, company_id: CompanyId) -> Unmet:
    """Why two do not meet, or where they could."""
    judge, pair = board.judge, (student_id, company_id)
    rank = judge.ranks.get(pair)
    refusal = judge.pair(pair)
    if refusal is not None:
        return Unmet(student_id, company_id, rank, (refusal,), ())
    turns = free_turns(board, student_id, board.people.company_pks[company_id])
    reasons = () if turns else _why_none_is_free(board, student_id, company_id)
    return Unmet(student_id, company_id, rank, reasons, turns)


def _why_none_is_free(board: Board, student_id: StudentId, company_id: CompanyId) -> Conflicts:
    judge, pair = board.judge, (student_id, company_id)
    common = judge.presence.students[student_id] & judge.presence.companies[company_id]
    if not common:
        return (Conflict("presence", "never_together", *pair),)
    limit = judge.limit_of(student_id)
    if len(judge.of_student.get(student_id, ())) >= limit:
        return (Conflict("max_meetings", "student_max", student_id, None, limit),)
    company = judge.companies[company_id]
    if company.max_meetings is not None and judge.of_company[company_id] >= company.max_meetings:
        return (Conflict("max_meetings", "company_max", None, company_id, company.max_meetings),)
    turns = [
        own
        for own in turns_of(board, board.people.company_pks[company_id])
        if common >> own.slot & 1
    ]
    free = [own for own in turns if has_seat(board, _at(board, student_id, own))]
    if not free:
        code = "full" if common == judge.presence.companies[company_id] else "full_then"
        return (Conflict("seats", code, None, company_id, len(turns) * company.seats),)
    return _by_slot(board, student_id, free)


def _by_slot(board: Board, student_id: StudentId, turns: Collection[Turn]) -> Conflicts:
    """What keeps a student from each of some turns; the same reason once, with its slots."""
    found: dict[Conflict, list[int]] = {}
    for turn in turns:
        conflicts = board.judge.conflicts((), (_at(board, student_id, turn),))
        # who sits elsewhere then would have to leave that first
        chosen = next((own for own in conflicts if own.code == "busy"), conflicts[0])
        slots = found.setdefault(replace(chosen, slots=()), [])
        if turn.slot not in slots:
            slots.append(turn.slot)
    return tuple(replace(own, slots=tuple(slots)) for own, slots in found.items())


def is_by_pin(conflicts: Conflicts) -> bool:
    """Whether a pin could overrule all that speaks against a place."""
    return bool(conflicts) and all(own.code in BY_PIN for own in conflicts)
