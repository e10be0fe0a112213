"""Rules of one meeting alone: both are there, and nothing refuses the pair."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from scheduler.model import (
    Company,
    CompanyId,
    DecisionKind,
    Event,
    LanguageNeed,
    PersonKind,
    Slot,
    Student,
    StudentId,
    Timetable,
)
from scheduler.sentence import NOTHING, Sentence, TermKind, listed, say, terms
from scheduler.verify.names import Names
from scheduler.verify.violation import Violation, of_meeting


def presence(event: Event, timetable: Timetable) -> Iterator[Violation]:
    """Yield a violation for a meeting in which a person is absent, or in no slot of the window."""
    names = Names(event)
    students_away, companies_away = (
        _away(event, PersonKind.STUDENT),
        _away(event, PersonKind.COMPANY),
    )
    for meeting in timetable.meetings:
        slot = names.slot(meeting.slot)
        if slot is None:
            text = say(
                "%(pair)s: the window has no such slot, only 0 to %(last)s",
                pair=names.pair(meeting),
                last=len(names.slots) - 1,
            )
            yield of_meeting(meeting, "presence", text)
            continue
        student = names.students.get(meeting.student_id)
        away = students_away.get(meeting.student_id, ())
        if student and (reason := _absence(event, student, slot, away)):
            text = say("%(pair)s: student %(reason)s", pair=names.pair(meeting), reason=reason)
            yield of_meeting(meeting, "presence", text)
        company = names.companies.get(meeting.company_id)
        away = companies_away.get(meeting.company_id, ())
        if company and (reason := _absence(event, company, slot, away)):
            text = say("%(pair)s: company %(reason)s", pair=names.pair(meeting), reason=reason)
            yield of_meeting(meeting, "presence", text)


def eligible(event: Event, timetable: Timetable) -> Iterator[Violation]:
    """Yield a violation for a meeting of a pair that something refuses.

    Veto and forbid always refuse; a pin overrules the rest (not ranked, language, field,
    position).
    """
    names = Names(event)
    ranked = {(student_id, company_id) for student_id, company_id, _ in event.preferences}
    vetoed = {(v.student_id, v.company_id) for v in event.shortlist if not v.is_yes}
    forbidden = _decided(event, DecisionKind.FORBID)
    pinned = _decided(event, DecisionKind.PIN)
    for meeting in timetable.meetings:
        pair = (meeting.student_id, meeting.company_id)
        student = names.students.get(meeting.student_id)
        company = names.companies.get(meeting.company_id)
        if student is None or company is None:
            pair_named = names.pair(meeting)
            text = say("%(pair)s: no such company in the event", pair=pair_named)
            if student is None:
                text = say("%(pair)s: no such student in the event", pair=pair_named)
            yield of_meeting(meeting, "eligible", text)
            continue
        reasons = [say("the company vetoed the student")] if pair in vetoed else []
        reasons += [say("the pair is forbidden")] if pair in forbidden else []
        if pair not in pinned:
            if pair not in ranked and not event.rules.offer_unranked:
                reasons.append(say("not ranked by the student"))
            reasons += _refusals(event, student, company)
        if reasons:
            why = listed(reasons, "; ")
            text = say("%(pair)s: %(reasons)s", pair=names.pair(meeting), reasons=why)
            yield of_meeting(meeting, "eligible", text)


def _decided(event: Event, kind: DecisionKind) -> set[tuple[StudentId, CompanyId]]:
    return {(d.student_id, d.company_id) for d in event.decisions if d.kind is kind}


def _away(event: Event, kind: PersonKind) -> Mapping[str, Sequence[tuple[int, int]]]:
    """When students, or companies, are away, by their id."""
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for absence in event.absences:
        if absence.kind is kind:
            found[absence.person_id].append((absence.start_min, absence.end_min))
    return found


def _absence(
    event: Event, person: Student | Company, slot: Slot, away: Sequence[tuple[int, int]]
) -> Sentence:
    """Why a person is not there for a whole slot; empty when it is."""
    if person.arrives_min is not None and slot.start_min < person.arrives_min:
        return say("arrives at %(arrives)s", arrives=event.clock(person.arrives_min))
    if person.leaves_min is not None and slot.end_min > person.leaves_min:
        return say(
            "leaves at %(leaves)s, before %(end)s",
            leaves=event.clock(person.leaves_min),
            end=event.clock(slot.end_min),
        )
    for start, end in away:
        if min(end, slot.end_min) - max(start, slot.start_min) >= 1:
            return say(
                "is unavailable from %(start)s to %(end)s",
                start=event.clock(start),
                end=event.clock(end),
            )
    return NOTHING


def _refusals(event: Event, student: Student, company: Company) -> list[Sentence]:
    """Every reason by language, field or position against a pair."""
    reasons = []
    if event.rules.require_language:
        for need in company.languages:
            if not _speaks(student, need):
                languages = terms(TermKind.LANGUAGE, need, " or ")
                reasons.append(say("the company needs %(languages)s", languages=languages))
    if event.rules.require_field and company.fields:
        wanted = {_plain(word) for word in company.fields}
        if not student.field.strip() or _plain(student.field) not in wanted:
            fields = ", ".join(company.fields)
            text = say("the student's field is empty, not one of %(fields)s", fields=fields)
            if student.field.strip():
                text = say(
                    "the student's field is %(field)s, not one of %(fields)s",
                    field=repr(student.field),
                    fields=fields,
                )
            reasons.append(text)
    if event.rules.require_position and not _shares_position(student, company):
        reasons.append(say("no position in common"))
    return reasons


def _speaks(student: Student, need: LanguageNeed) -> bool:
    for asked in need:
        code = asked.code.lower()
        for spoken in student.languages:
            own = spoken.code.lower()
            is_same = own == code or own.startswith(f"{code}-")
            if is_same and spoken.proficiency >= asked.proficiency:
                return True
    return False


def _shares_position(student: Student, company: Company) -> bool:
    """Whether they look for one kind of position, or one of them does not say."""
    if not student.positions or not company.positions:
        return True
    return any(map(company.positions.__contains__, student.positions))


def _plain(word: str) -> str:
    return word.strip().casefold()
