"""Why a student and a company do not meet: the first reason that is certain, else the price."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from scheduler.errors import InvalidEventError, Problem
from scheduler.explain.openings import Seating
from scheduler.explain.pair_answer import (
    Hours,
    Maximum,
    OwnMeetings,
    PairAnswer,
    PairKind,
    SharedPlaces,
)
from scheduler.explain.pair_price import (
    Price,
    find_price,
    rank_counts,
    ranks_of,
    with_pair,
)
from scheduler.model import (
    Company,
    CompanyId,
    DecisionKind,
    Event,
    Meeting,
    PersonKind,
    Progress,
    RoomId,
    Status,
    Student,
    StudentId,
    Timetable,
    meets_needs,
)
from scheduler.model.eligibility import Eligibility, Refusal
from scheduler.model.presence import Presence
from scheduler.objective import LEVEL_NAMES, PairWeights
from scheduler.sentence import say
from scheduler.solve import solve
from scheduler.strategies.base import Settings
from scheduler.validation import check, require_valid
from scheduler.verify import violations

_COSTS = dict(
    zip(
        LEVEL_NAMES,
        (PairKind.COSTS_GUARANTEE, PairKind.COSTS_MINIMUM, PairKind.COSTS_WISHES),
        strict=False,
    )
)


def explain_pair(
    event: Event,
    timetable: Timetable,
    student_id: str,
    company_id: str,
    *,
    settings: Settings,
    progress: Callable[[Progress], None] | None = None,
    memory_limit_mb: int | None = None,
    in_child: bool = True,
) -> PairAnswer:
    """Say why a pair does not meet, or what it would cost that it does.

    Parameters
    ----------
    settings
        Of each solve with the pair; the time limit is for both together.
    progress, memory_limit_mb, in_child
        As for `scheduler.solve.solve`.

    Returns
    -------
    PairAnswer
        Its kind is the first that applies.

    Raises
    ------
    InvalidEventError
        The event has problems, it does not have such a student or company, or the timetable breaks
        a rule; every one of them.

    Notes
    -----
    A solve is made only where nothing else decides. Everybody else may move in it; what it
    compares are levels 1 to 3.
    """
    require_valid(event)
    student, company = _people(event, student_id, company_id)
    broken = violations(event, timetable)
    if broken:
        raise InvalidEventError(
            [
                Problem("timetable", say("%(rule)s: %(text)s", rule=own.rule, text=own.message))
                for own in broken
            ]
        )
    judge = _Judge(event, timetable, student, company)
    certain = judge.certain()
    if certain is not None:
        return certain
    make = partial(solve, progress=progress, memory_limit_mb=memory_limit_mb, in_child=in_child)
    pair = (student.student_id, company.company_id)
    status, price = find_price(event, timetable, pair, solve=make, settings=settings)
    return judge.priced(status, price)


def explain_without_solving(
    event: Event,
    timetable: Timetable,
    student_id: str,
    company_id: str,
    *,
    in_room: Mapping[tuple[RoomId, int], int] | None = None,
) -> PairAnswer:
    """Say why a pair does not meet as far as counting shows it, at once.

    Parameters
    ----------
    event, timetable
        Sound; enough are the student, every company, and the people who meet this one.
    in_room
        Students in each room and slot, where not all meetings are given.

    Returns
    -------
    PairAnswer
        As of `explain_pair`; where that would solve, the kind is ``unknown``, and the places and
        the student's own meetings say what stands in the way.

    Raises
    ------
    InvalidEventError
        The event does not have such a student or company.
    """
    judge = _Judge(event, timetable, *_people(event, student_id, company_id), in_room)
    return judge.certain() or judge.priced(Status.UNKNOWN, None)


def _people(event: Event, student_id: str, company_id: str) -> tuple[Student, Company]:
    student = next((own for own in event.students if own.student_id == student_id), None)
    company = next((own for own in event.companies if own.company_id == company_id), None)
    if student is not None and company is not None:
        return student, company
    problems = []
    for table, column, value, person in (
        ("students", "student_id", student_id, student),
        ("companies", "company_id", company_id, company),
    ):
        if person is None:
            reason = say("'%(id)s' is not there", id=value)
            problems.append(Problem(table, reason, say("give an id of this column"), column=column))
    raise InvalidEventError(problems)


def _pair_of(meeting: Meeting) -> tuple[StudentId, CompanyId]:
    return meeting.student_id, meeting.company_id


class _Judge:
    def __init__(
        self,
        event: Event,
        timetable: Timetable,
        student: Student,
        company: Company,
        in_room: Mapping[tuple[RoomId, int], int] | None = None,
    ) -> None:
        self._event = event
        self._timetable = timetable
        self._student = student
        self._company = company
        self._pair = (student.student_id, company.company_id)
        self._in_room = in_room
        self._ranks = ranks_of(event)
        presence = Presence(event)
        self._at_student = presence.students[student.student_id]
        self._at_company = presence.companies[company.company_id]
        needs = company.languages if event.rules.require_language else ()
        self._facts = PairAnswer(
            PairKind.UNKNOWN,
            student,
            company,
            self._ranks.get(self._pair),
            refusals=self._refusals(),
            missing_languages=tuple(n for n in needs if not meets_needs(student.languages, (n,))),
            student_hours=self._hours(self._at_student),
            company_hours=self._hours(self._at_company),
        )

    def certain(self) -> PairAnswer | None:
        """The answer that needs no solve, if there is one."""
        facts = self._facts
        meeting = next((m for m in self._timetable.meetings if _pair_of(m) == self._pair), None)
        if meeting is not None:
            return replace(facts, kind=PairKind.MEETS, meeting=meeting, refusals=())
        if facts.rank is None and not self._event.rules.offer_unranked:
            return replace(facts, kind=PairKind.UNRANKED)
        if facts.refusals:
            return replace(facts, kind=PairKind(facts.refusals[0].value))
        if not self._at_student & self._at_company:
            return replace(facts, kind=PairKind.NEVER_TOGETHER)
        maximum = self._maximum()
        if maximum is not None:
            return replace(facts, kind=PairKind.MAXIMUM, maximum=maximum)
        clashes = tuple(problem.reason for problem in check(with_pair(self._event, self._pair)))
        if clashes:
            return replace(facts, kind=PairKind.IMPOSSIBLE, clashes=clashes)
        return None

    def priced(self, status: Status, price: Price | None) -> PairAnswer:
        """The answer of a solve with the pair."""
        kind = PairKind.IMPOSSIBLE if status is Status.INFEASIBLE else PairKind.UNKNOWN
        if price is not None:
            entry = price.deciding
            if entry is None:
                kind = PairKind.EQUALLY_GOOD
            else:
                is_better = entry.after > entry.before
                kind = PairKind.BETTER if is_better else _COSTS[entry.level]
        seating = Seating(self._event, self._timetable, in_room=self._in_room)
        return replace(
            self._facts,
            kind=kind,
            price=price,
            places=self._places(),
            own=self._own(),
            openings=seating.openings(
                self._student.student_id, self._company, self._at_student & self._at_company
            ),
        )

    def _refusals(self) -> tuple[Refusal, ...]:
        eligibility = Eligibility(self._event)
        found = [
            refusal
            for refusal, pairs in (
                (Refusal.VETO, eligibility.vetoes),
                (Refusal.FORBID, eligibility.forbids),
            )
            if self._pair in pairs
        ]
        rules = self._event.rules
        for refusal, is_asked in (
            (Refusal.LANGUAGE, rules.require_language),
            (Refusal.FIELD, rules.require_field),
            (Refusal.POSITION, rules.require_position),
        ):
            only = replace(
                rules,
                require_language=is_asked and refusal is Refusal.LANGUAGE,
                require_field=is_asked and refusal is Refusal.FIELD,
                require_position=is_asked and refusal is Refusal.POSITION,
            )
            alone = replace(
                self._event, rules=only, companies=(self._company,), shortlist=(), decisions=()
            )
            if Eligibility(alone).profile_refusal(self._student, self._company):
                found.append(refusal)
        return tuple(found)

    def _hours(self, mask: int) -> Hours:
        runs: list[tuple[int, int]] = []
        for slot in self._event.window.slots:
            if mask >> slot.index & 1:
                goes_on = bool(runs) and bool(mask << 1 >> slot.index & 1)
                start = runs.pop()[0] if goes_on else slot.start_min
                runs.append((start, slot.end_min))
        return tuple(runs)

    def _maximum(self) -> Maximum | None:
        pins = [own for own in self._event.decisions if own.kind is DecisionKind.PIN]
        of_student = sum(pin.student_id == self._student.student_id for pin in pins)
        of_company = sum(pin.company_id == self._company.company_id for pin in pins)
        for whose, limit, pinned in (
            (PersonKind.STUDENT, self._student.max_meetings, of_student),
            (None, self._event.rules.max_meetings_per_student, of_student),
            (PersonKind.COMPANY, self._company.max_meetings, of_company),
        ):
            if limit is not None and limit <= pinned:
                return Maximum(whose, limit, pinned)
        return None

    def _places(self) -> SharedPlaces:
        common = self._at_student & self._at_company
        own = [m for m in self._timetable.meetings if m.company_id == self._company.company_id]
        there = [meeting for meeting in own if common >> meeting.slot & 1]
        ranks = (self._ranks.get(_pair_of(m)) for m in there)
        slots = common.bit_count()
        places = slots * self._company.capacity
        return SharedPlaces(slots, places, len(there), rank_counts(ranks), len(own))

    def _own(self) -> OwnMeetings:
        points = PairWeights(self._event)
        asked, allowed = self._student.max_meetings, self._event.rules.max_meetings_per_student
        own = self._student.student_id
        pairs = [_pair_of(m) for m in self._timetable.meetings if m.student_id == own]
        worth = points.weight(*self._pair)
        return OwnMeetings(
            ranks=tuple(
                rank
                for rank, count in rank_counts(self._ranks.get(pair) for pair in pairs)
                for _ in range(count)
            ),
            limit=allowed if asked is None else min(asked, allowed),
            is_own_limit=asked is not None and asked <= allowed,
            is_all_better=bool(pairs) and all(points.weight(*pair) > worth for pair in pairs),
        )
