"""Why a pair does not meet, in plain words; other students only as counts and ranks."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.errors import counted
from scheduler.explain.pair_answer import Hours, Maximum, PairAnswer, PairKind
from scheduler.explain.pair_price import Entry, Price, RankCounts
from scheduler.model import Event, LanguageNeed, PersonKind, Student
from scheduler.model.eligibility import Refusal
from scheduler.objective import LEVEL_NAMES


def sentences(event: Event, answer: PairAnswer, *, for_student: bool = False) -> tuple[str, ...]:
    """Say why a pair does not meet.

    Parameters
    ----------
    for_student
        Words a veto as the choice of other profiles.

    Returns
    -------
    tuple of str
        Sentences that are true each by itself. No other person is named.
    """
    return tuple(_Words(event, answer, for_student=for_student).sentences())


class _Words:
    def __init__(self, event: Event, answer: PairAnswer, *, for_student: bool) -> None:
        self._event = event
        self._answer = answer
        self._for_student = for_student
        self._student = answer.student.name
        self._company = answer.company.name

    def sentences(self) -> Iterator[str]:
        kind = self._answer.kind
        if kind is PairKind.MEETS:
            yield self._meets()
        elif kind is PairKind.UNRANKED:
            pair = f"{self._student} did not rank {self._company}"
            yield f"{pair}, and pairs that are not ranked are not offered."
            yield from map(self._refusal, self._answer.refusals)
        elif self._answer.refusals:
            yield from map(self._refusal, self._answer.refusals)
        elif kind is PairKind.NEVER_TOGETHER:
            yield from self._never_together()
        elif self._answer.maximum is not None:
            yield self._maximum(self._answer.maximum)
        else:
            yield from self._in_the_way()
            yield from self._outcome()

    def _meets(self) -> str:
        meeting = self._answer.meeting
        if meeting is None:
            return f"{self._student} and {self._company} meet."
        room = next(r for r in self._event.rooms if r.room_id == meeting.room_id)
        start = self._event.clock(self._event.window.slots[meeting.slot].start_min)
        where = f"{room.label}, table {meeting.table}"
        return f"{self._student} and {self._company} meet at {start} in {where}."

    def _refusal(self, refusal: Refusal) -> str:
        student, company = self._answer.student, self._answer.company
        if refusal is Refusal.VETO:
            if self._for_student:
                return f"{self._company} chose other profiles."
            return f"{self._company} said no to {self._student}."
        if refusal is Refusal.FORBID:
            return f"Staff decided that {self._student} and {self._company} do not meet."
        if refusal is Refusal.LANGUAGE:
            asked, missing = _needs(company.languages), _needs(self._answer.missing_languages)
            return f"{self._company} asks for {asked}; {_spoken(student)}; missing: {missing}."
        if refusal is Refusal.FIELD:
            own = f"is {student.field.strip()}" if student.field.strip() else "is not given"
            wanted = ", ".join(company.fields)
            return f"{self._company} looks for {wanted}; the field of {self._student} {own}."
        offered, sought = ", ".join(company.positions), ", ".join(student.positions)
        return f"{self._company} offers {offered}; {self._student} looks for {sought}."

    def _never_together(self) -> Iterator[str]:
        yield f"{self._student} and {self._company} are never present in the same slot."
        for name, hours in (
            (self._student, self._answer.student_hours),
            (self._company, self._answer.company_hours),
        ):
            yield f"{name} is present {self._hours(hours)}."

    def _hours(self, hours: Hours) -> str:
        runs = [f"{self._event.clock(a)} to {self._event.clock(b)}" for a, b in hours]
        return f"in slots from {' and from '.join(runs)}" if runs else "in no slot"

    def _maximum(self, maximum: Maximum) -> str:
        limit = f"at most {counted(maximum.limit, 'meeting')}"
        text = f"{self._student} wants {limit}"
        if maximum.whose is None:
            text = f"Each student has {limit}"
        elif maximum.whose is PersonKind.COMPANY:
            text = f"{self._company} takes {limit}"
        if not maximum.pinned:
            return f"{text}."
        who = self._company if maximum.whose is PersonKind.COMPANY else self._student
        return f"{text}, and staff have pinned {maximum.pinned} of {who} with others."

    def _in_the_way(self) -> Iterator[str]:
        own, places = self._answer.own, self._answer.places
        if own is not None and own.ranks and len(own.ranks) >= own.limit:
            asked = f"{self._student} asked for" if own.is_own_limit else "a student may have"
            text = f"{self._student} has {counted(len(own.ranks), 'meeting')}, as many as {asked}"
            text += f" ({_ranks(own.ranks)})"
            if own.is_all_better:
                text += "; each is worth more points than this one would be"
            yield f"{text}."
        if places is None:
            return
        company = self._answer.company
        if company.max_meetings is not None and places.meetings >= company.max_meetings:
            limit = counted(company.max_meetings, "meeting")
            yield f"{self._company} takes at most {limit}, and all are given."
        there = f"{self._company} has {counted(places.places, 'place')} in the "
        there += counted(places.slots, "slot") + " in which both are present"
        given = f"{places.taken} went" if places.taken < places.places else "all went"
        if places.taken == 1:
            given = "it went" if places.places == 1 else "1 went"
        to = f"{given} {_holders(places.holders)}" if places.taken else "none is taken"
        yield f"{there}; {to}."

    def _outcome(self) -> Iterator[str]:
        kind, price = self._answer.kind, self._answer.price
        if kind is PairKind.IMPOSSIBLE:
            yield from (f"{clash}." for clash in self._answer.clashes)
            yield "No timetable in which they meet keeps every rule and every pin."
        elif price is None:
            yield "Whether they could meet was not found out in time."
        else:
            yield _headline(kind, price)
            if kind is not PairKind.EQUALLY_GOOD:
                entries = price.entries
                yield from (_change(e) for e in entries if not e.is_sure or e.before != e.after)
            if price.breaks_after > price.breaks_before:
                yield (
                    f"The one found has {counted(price.breaks_after, 'break')} between meetings "
                    f"instead of {price.breaks_before}."
                )
            yield from self._moves(price)

    def _moves(self, price: Price) -> Iterator[str]:
        moves = price.moves
        which = "With the fewest changes" if moves.is_fewest else "In the timetable found"
        if not moves.students:
            yield f"{which}, every other student keeps the same companies, perhaps at other times."
        else:
            verb = "meets" if moves.students == 1 else "meet"
            text = f"{which}, {counted(moves.students, 'other student')} {verb} other companies"
            yield f"{text}: {_exchange(moves.lost, moves.gained)}."
        if moves.own_lost or moves.own_gained:
            yield f"{self._student}, besides: {_exchange(moves.own_lost, moves.own_gained)}."


def _headline(kind: PairKind, price: Price) -> str:
    if kind is PairKind.BETTER:
        return "A better timetable than this one exists, in which they meet."
    if kind is PairKind.EQUALLY_GOOD:
        if price.breaks_after > price.breaks_before:
            return (
                "A timetable exists in which they meet that is equally good in all but the "
                "breaks between meetings."
            )
        return "An equally good timetable exists in which they meet."
    if not price.is_certain:
        return "They can meet at this price at most; a smaller one may be possible."
    if kind is PairKind.COSTS_GUARANTEE:
        return "They can meet only at the cost of guaranteed meetings, which come first."
    if kind is PairKind.COSTS_MINIMUM:
        return "They can meet only at the cost of companies' minimums, which come before wishes."
    return "They can meet, but the wishes of all together are then worth fewer points."


def _change(entry: Entry) -> str:
    size = abs(entry.after - entry.before)
    label = _label(entry, size)
    if entry.is_sure:
        more = "fewer" if entry.after < entry.before else "more"
        return f"{size:,} {more} {label} ({entry.after:,} instead of {entry.before:,})."
    text = f"In the timetable found, {entry.after:,} {_label(entry, entry.after)}"
    text += " as now" if not size else f" instead of {entry.before:,}"
    return f"{text}." if entry.most is None else f"{text}; in the best, at most {entry.most:,}."


def _label(entry: Entry, number: int) -> str:
    if entry.level == LEVEL_NAMES[0]:
        students = "student" if number == 1 else "students"
        return f"{students} with {counted(entry.number, 'meeting')} or more"
    if entry.level == LEVEL_NAMES[1]:
        return f"{'meeting' if number == 1 else 'meetings'} towards the companies' minimums"
    return f"{'point' if number == 1 else 'points'} for wishes"


def _exchange(lost: RankCounts, gained: RankCounts) -> str:
    parts = [
        f"{verb} {_counts(counts)}"
        for verb, counts in (("lost", lost), ("gained", gained))
        if counts
    ]
    return "; ".join(parts)


def _counts(counts: RankCounts) -> str:
    """Such as ``2 of rank 1, 1 of rank 3``."""
    return ", ".join(
        f"{count} {'not ranked' if rank is None else f'of rank {rank}'}" for rank, count in counts
    )


def _holders(holders: RankCounts) -> str:
    """Such as ``to students with rank 1 to 3 and 2 who did not rank the company``."""
    ranks = [rank for rank, _ in holders if rank is not None]
    students = sum(count for rank, count in holders if rank is not None)
    others = sum(count for rank, count in holders if rank is None)
    parts = []
    if ranks:
        span = f"{ranks[0]}" if len(ranks) == 1 else f"{ranks[0]} to {ranks[-1]}"
        who = "a student" if students == 1 else "students"
        parts.append(f"{who} with rank {span}")
    if others:
        parts.append(f"{counted(others, 'student')} who did not rank it")
    return "to " + " and ".join(parts)


def _ranks(ranks: tuple[int | None, ...]) -> str:
    named = [str(rank) for rank in ranks if rank is not None]
    others = len(ranks) - len(named)
    parts = [f"rank {', '.join(named)}"] if named else []
    if others:
        parts.append(f"{others} not ranked")
    return ", ".join(parts)


def _needs(needs: tuple[LanguageNeed, ...]) -> str:
    return " and ".join(" or ".join(map(str, need)) for need in needs)


def _spoken(student: Student) -> str:
    spoken = ", ".join(map(str, student.languages)) or "no language"
    return f"{student.name} has {spoken}"
