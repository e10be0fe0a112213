"""Keeping meetings of an earlier timetable: the event in which they are pinned where they were."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scheduler.errors import InvalidEventError, Problem
from scheduler.model import Decision, DecisionKind, Event, Meeting, Timetable
from scheduler.model.eligibility import Eligibility, Refusal
from scheduler.sentence import Sentence, say
from scheduler.validation import check


def keep_meetings(event: Event, timetable: Timetable, *, file: str) -> Event:
    """Pin every meeting of a timetable at its time, and its company to its room.

    Parameters
    ----------
    event
        Valid.
    file
        The timetable's file, for messages.

    Returns
    -------
    Event
        Valid; each of its timetables has all these meetings. A pin of the event whose pair is kept
        gives way to the kept one.

    Raises
    ------
    InvalidEventError
        Meetings that no timetable of the event may have, each with the reason.
    """
    slots = event.window.slots
    kept = tuple(
        Decision(
            DecisionKind.PIN, meeting.student_id, meeting.company_id, slots[meeting.slot].start_min
        )
        for meeting in timetable.meetings
    )
    pairs = {(meeting.student_id, meeting.company_id) for meeting in timetable.meetings}
    others = tuple(
        decision
        for decision in event.decisions
        if decision.kind is not DecisionKind.PIN
        or (decision.student_id, decision.company_id) not in pairs
    )
    rooms = {meeting.company_id: meeting.room_id for meeting in timetable.meetings}
    pinned = replace(
        event,
        decisions=(*others, *kept),
        companies=tuple(
            replace(company, room_id=company.room_id or rooms.get(company.company_id))
            for company in event.companies
        ),
    )
    problems = [
        *_refused(event, timetable, file),
        *_other_times(event, timetable, file),
        *_other_rooms(event, timetable, file),
        *(_of_meeting(problem, event, timetable, len(others), file) for problem in check(pinned)),
    ]
    if problems:
        raise InvalidEventError(problems)
    return pinned


_BY_RULE = {
    Refusal.VETO: say("refused by the rule on veto"),
    Refusal.FORBID: say("refused by the rule on forbid"),
    Refusal.LANGUAGE: say("refused by the rule on language"),
    Refusal.FIELD: say("refused by the rule on field"),
    Refusal.POSITION: say("refused by the rule on position"),
}


def _refused(event: Event, timetable: Timetable, file: str) -> Iterator[Problem]:
    """Meetings whose pair the event would refuse without a pin of its own."""
    eligibility = Eligibility(event)
    students = {student.student_id: student for student in event.students}
    companies = {company.company_id: company for company in event.companies}
    ranked = {(student_id, company_id) for student_id, company_id, _ in event.preferences}
    for meeting in timetable.meetings:
        pair = (meeting.student_id, meeting.company_id)
        if pair in eligibility.pins:
            continue
        refusal = eligibility.profile_refusal(
            students[meeting.student_id], companies[meeting.company_id]
        )
        if refusal is not None:
            yield _problem(event, meeting, file, _BY_RULE[refusal])
        elif pair not in ranked and not event.rules.offer_unranked:
            yield _problem(event, meeting, file, say("not wished any more"))


def _other_times(event: Event, timetable: Timetable, file: str) -> Iterator[Problem]:
    pins = {
        (decision.student_id, decision.company_id): decision.start_min
        for decision in event.decisions
        if decision.kind is DecisionKind.PIN and decision.start_min is not None
    }
    for meeting in timetable.meetings:
        start = pins.get((meeting.student_id, meeting.company_id))
        if start not in (None, event.window.slots[meeting.slot].start_min):
            yield _problem(
                event, meeting, file, say("is pinned at %(time)s", time=event.clock(start or 0))
            )


def _other_rooms(event: Event, timetable: Timetable, file: str) -> Iterator[Problem]:
    rooms = {company.company_id: company.room_id for company in event.companies}
    for meeting in timetable.meetings:
        room = rooms[meeting.company_id]
        if room not in (None, meeting.room_id):
            yield _problem(
                event, meeting, file, say("the company now stands in room %(room)s", room=room)
            )


def _of_meeting(
    problem: Problem, event: Event, timetable: Timetable, first: int, file: str
) -> Problem:
    """Say of which meeting a problem of its pin speaks."""
    if problem.table != "decisions" or problem.index is None or problem.index < first:
        return problem
    meeting = timetable.meetings[problem.index - first]
    return _problem(event, meeting, file, problem.reason)


def _problem(event: Event, meeting: Meeting, file: str, reason: Sentence) -> Problem:
    students = {student.student_id: student.name for student in event.students}
    companies = {company.company_id: company.name for company in event.companies}
    when = event.clock(event.window.slots[meeting.slot].start_min)
    return Problem(
        "timetable",
        reason,
        say("leave its row out of the timetable to keep"),
        file=file,
        subject=say(
            "%(student)s with %(company)s at %(time)s",
            student=students[meeting.student_id],
            company=companies[meeting.company_id],
            time=when,
        ),
    )
