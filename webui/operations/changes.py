"""Changes of the working timetable that staff ask for, and what each takes away and makes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from scheduler.model import Meeting
from webui.operations.board import Board, Decided
from webui.operations.judging import BY_PIN, pair_of
from webui.operations.log import NotFoundError, RefusedError

LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Turn:
    """A table of a company in a slot; the table is counted within the room."""

    company_pk: int
    slot: int
    table: int


@dataclass(frozen=True, slots=True)
class Change:
    """What staff ask for.

    Parameters
    ----------
    kind
        One of `KINDS`.
    student_pk, company_pk
        Of the meeting or pair; for ``lock`` and ``unlock`` one of the two.
    to
        For ``move`` and ``add``.
    other
        For ``swap``: student and company of the other meeting.
    is_pinned
        Pin new pairs that a rule refuses which a pin may overrule.
    keeps_time
        For ``pin``: keep the time too.
    reason
        Why, for whoever asks later.
    """

    kind: str
    student_pk: int = 0
    company_pk: int = 0
    to: Turn | None = None
    other: tuple[int, int] | None = None
    is_pinned: bool = False
    keeps_time: bool = True
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a change takes away and makes; ``words`` say it, with rows and minutes only."""

    removed: tuple[Meeting, ...] = ()
    added: tuple[Meeting, ...] = ()
    lifted: tuple[Decided, ...] = ()
    decided: tuple[Decided, ...] = ()
    words: dict[str, Any] = field(default_factory=dict)


def plan_of(board: Board, change: Change) -> Plan:
    """Work out what a change takes away and makes.

    Raises
    ------
    NotFoundError
        Somebody or a meeting that it names is not there.
    RefusedError
        It changes nothing, or a reason is missing.
    """
    if change.kind not in KINDS:
        raise NotFoundError
    plan = KINDS[change.kind](board, change)
    if (plan.removed, plan.lifted) == (plan.added, plan.decided):
        raise RefusedError("This changes nothing.")
    words = {"kind": change.kind, "student": change.student_pk, "company": change.company_pk}
    return Plan(plan.removed, plan.added, plan.lifted, plan.decided, {**words, **plan.words})


def minute(board: Board, slot: int) -> int:
    """Minutes after midnight at which a slot begins.

    Raises
    ------
    NotFoundError
        The event has no such slot.
    """
    slots = board.event.window.slots
    if not 0 <= slot < len(slots):
        raise NotFoundError
    return slots[slot].start_min + board.event.opens_min


def meeting_at(board: Board, student_pk: int, turn: Turn) -> Meeting:
    """A student's meeting at a turn, whether or not it may be."""
    student_id, company_id = board.people.pair(student_pk, turn.company_pk)
    place = board.judge.places.get(company_id)
    if place is None or not 0 <= turn.slot < len(board.event.window.slots):
        raise NotFoundError
    return Meeting(turn.slot, place.room_id, turn.table, student_id, company_id)


def reason_of(change: Change) -> str:
    """The reason that was given.

    Raises
    ------
    RefusedError
        There is none.
    """
    reason = " ".join(change.reason.split())[:LONGEST_REASON]
    if not reason:
        raise RefusedError("Say why, for whoever asks later.", field="reason")
    return reason


def _move(board: Board, change: Change) -> Plan:
    if change.to is None:
        raise NotFoundError
    old = board.meeting(change.student_pk, change.company_pk)
    new = meeting_at(board, change.student_pk, change.to)
    words = {
        "from": minute(board, old.slot),
        "to": minute(board, new.slot),
        "to_company": change.to.company_pk,
        "to_table": new.table,
    }
    return Plan((old,), (new,), decided=_pins(board, change, (new,)), words=words)


def _swap(board: Board, change: Change) -> Plan:
    if change.other is None:
        raise NotFoundError
    one = board.meeting(change.student_pk, change.company_pk)
    two = board.meeting(*change.other)
    new = (
        two._replace(student_id=one.student_id),
        one._replace(student_id=two.student_id),
    )
    words = {
        "from": minute(board, one.slot),
        "to": minute(board, two.slot),
        "to_company": change.other[1],
        "other": change.other[0],
    }
    same = one.student_id == two.student_id
    if same:
        raise RefusedError("This changes nothing.")
    return Plan((one, two), new, decided=_pins(board, change, new), words=words)


def _add(board: Board, change: Change) -> Plan:
    if change.to is None:
        raise NotFoundError
    new = meeting_at(board, change.student_pk, change.to)
    words = {"company": change.to.company_pk, "to": minute(board, new.slot)}
    return Plan((), (new,), decided=_pins(board, change, (new,)), words=words)


def _remove(board: Board, change: Change) -> Plan:
    old = board.meeting(change.student_pk, change.company_pk)
    decided = board.people.decision(*pair_of(old))
    lifted = (decided,) if decided and decided.kind == "pin" else ()
    return Plan((old,), lifted=lifted, words={"from": minute(board, old.slot)})


def _pin(board: Board, change: Change) -> Plan:
    old = board.meeting(change.student_pk, change.company_pk)
    known = board.people.decision(*pair_of(old))
    start = minute(board, old.slot) if change.keeps_time else None
    reason = " ".join(change.reason.split())[:LONGEST_REASON] or (known.reason if known else "")
    new = Decided(0, "pin", change.student_pk, change.company_pk, start, reason)
    if known and (known.kind, known.start_min, known.reason) == ("pin", start, reason):
        raise RefusedError("This changes nothing.")
    return Plan(lifted=(known,) if known else (), decided=(new,), words={"from": start})


def _unpin(board: Board, change: Change) -> Plan:
    return Plan(lifted=(_known(board, change, "pin"),))


def _forbid(board: Board, change: Change) -> Plan:
    pair = board.people.pair(change.student_pk, change.company_pk)
    meeting, known = board.meetings.get(pair), board.people.decision(*pair)
    if known and known.kind == "forbid":
        raise RefusedError("This changes nothing.")
    new = Decided(0, "forbid", change.student_pk, change.company_pk, None, reason_of(change))
    return Plan((meeting,) if meeting else (), (), (known,) if known else (), (new,))


def _allow(board: Board, change: Change) -> Plan:
    return Plan(lifted=(_known(board, change, "forbid"),))


def _lock(board: Board, change: Change) -> Plan:
    """Pin every meeting of a person where it is."""
    reason = " ".join(change.reason.split())[:LONGEST_REASON]
    lifted, decided = [], []
    for meeting in _meetings_of(board, change):
        student, company = (
            board.people.student_pks[meeting.student_id],
            board.people.company_pks[meeting.company_id],
        )
        known = board.people.decision(*pair_of(meeting))
        start = minute(board, meeting.slot)
        if known and known.start_min == start:
            continue
        lifted += [known] if known else []
        why = known.reason if known else reason
        decided.append(Decided(0, "pin", student, company, start, why))
    return Plan(lifted=tuple(lifted), decided=tuple(decided), words={"count": len(decided)})


def _unlock(board: Board, change: Change) -> Plan:
    """Take the pins of a person's meetings away, but for those that only a pin allows."""
    lifted = []
    for meeting in _meetings_of(board, change):
        known = board.people.decision(*pair_of(meeting))
        if known and not refused_without_pin(board, meeting):
            lifted.append(known)
    return Plan(lifted=tuple(lifted), words={"count": len(lifted)})


def refused_without_pin(board: Board, meeting: Meeting) -> bool:
    """Whether a meeting is there only because it is pinned."""
    pair = pair_of(meeting)
    if pair not in board.judge.pins:
        return False
    judge = board.judge
    refusal = judge.eligibility.profile_refusal(judge.students[pair[0]], judge.companies[pair[1]])
    return refusal is not None or (pair not in judge.ranks and not board.event.rules.offer_unranked)


def _meetings_of(board: Board, change: Change) -> Iterable[Meeting]:
    people = board.people
    if change.student_pk in people.students:
        student_id = people.students[change.student_pk].student_id
        return [own for own in board.timetable.meetings if own.student_id == student_id]
    if change.company_pk in people.companies:
        company_id = people.companies[change.company_pk].company_id
        return [own for own in board.timetable.meetings if own.company_id == company_id]
    raise NotFoundError


def _known(board: Board, change: Change, kind: str) -> Decided:
    known = board.people.decided.get((change.student_pk, change.company_pk))
    if known is None or known.kind != kind:
        raise NotFoundError
    return known


def _pins(board: Board, change: Change, added: tuple[Meeting, ...]) -> tuple[Decided, ...]:
    """Pins for new pairs that only a pin allows, when staff want them all the same."""
    if not change.is_pinned:
        return ()
    refusals = ((own, board.judge.pair(pair_of(own))) for own in added)
    return tuple(
        Decided(
            0,
            "pin",
            board.people.student_pks[own.student_id],
            board.people.company_pks[own.company_id],
            None,
            reason_of(change),
        )
        for own, refusal in refusals
        if refusal is not None and refusal.code in BY_PIN
    )


KINDS: Mapping[str, Callable[[Board, Change], Plan]] = {
    "move": _move,
    "swap": _swap,
    "add": _add,
    "remove": _remove,
    "pin": _pin,
    "unpin": _unpin,
    "forbid": _forbid,
    "allow": _allow,
    "lock": _lock,
    "unlock": _unlock,
}
