"""Why a pair does not meet, in plain words; other students only as counts and ranks."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.explain.openings import Obstacle
from scheduler.explain.pair_answer import Hours, Maximum, OwnMeetings, PairAnswer, PairKind
from scheduler.explain.pair_price import Price, RankCounts
from scheduler.explain.price_words import changed, headline
from scheduler.model import Event, PersonKind, Student
from scheduler.model.eligibility import Refusal
from scheduler.sentence import (
    Sentence,
    TermKind,
    counted,
    languages_asked,
    listed,
    say,
    terms,
)


def sentences(
    event: Event, answer: PairAnswer, *, for_student: bool = False
) -> tuple[Sentence, ...]:
    """Say why a pair does not meet.

    Parameters
    ----------
    for_student
        Words a veto as the choice of other profiles.

    Returns
    -------
    tuple of Sentence
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
        self._names = {"student": self._student, "company": self._company}

    def sentences(self) -> Iterator[Sentence]:
        kind = self._answer.kind
        if kind is PairKind.MEETS:
            yield self._meets()
        elif kind is PairKind.UNRANKED:
            yield say(
                "%(student)s did not rank %(company)s, and pairs that are not ranked are not "
                "offered.",
                **self._names,
            )
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

    def _meets(self) -> Sentence:
        meeting = self._answer.meeting
        if meeting is None:
            return say("%(student)s and %(company)s meet.", **self._names)
        room = next(r for r in self._event.rooms if r.room_id == meeting.room_id)
        return say(
            "%(student)s and %(company)s meet at %(time)s in %(room)s, table %(table)s.",
            time=self._event.clock(self._event.window.slots[meeting.slot].start_min),
            room=room.label,
            table=meeting.table,
            **self._names,
        )

    def _refusal(self, refusal: Refusal) -> Sentence:
        student, company = self._answer.student, self._answer.company
        if refusal is Refusal.VETO:
            if self._for_student:
                return say("%(company)s chose other profiles.", company=self._company)
            return say("%(company)s said no to %(student)s.", **self._names)
        if refusal is Refusal.FORBID:
            return say("Staff decided that %(student)s and %(company)s do not meet.", **self._names)
        if refusal is Refusal.LANGUAGE:
            return say(
                "%(company)s asks for %(asked)s; %(spoken)s; missing: %(missing)s.",
                company=self._company,
                asked=languages_asked(company.languages),
                spoken=_spoken(student),
                missing=languages_asked(self._answer.missing_languages),
            )
        if refusal is Refusal.FIELD:
            return self._other_field()
        return say(
            "%(company)s offers %(offered)s; %(student)s looks for %(sought)s.",
            offered=terms(TermKind.POSITION, company.positions),
            sought=terms(TermKind.POSITION, student.positions),
            **self._names,
        )

    def _other_field(self) -> Sentence:
        own, wanted = self._answer.student.field.strip(), ", ".join(self._answer.company.fields)
        if not own:
            return say(
                "%(company)s looks for %(wanted)s; the field of %(student)s is not given.",
                wanted=wanted,
                **self._names,
            )
        return say(
            "%(company)s looks for %(wanted)s; the field of %(student)s is %(own)s.",
            wanted=wanted,
            own=own,
            **self._names,
        )

    def _never_together(self) -> Iterator[Sentence]:
        yield say("%(student)s and %(company)s are never present in the same slot.", **self._names)
        yield self._present(self._student, self._answer.student_hours)
        yield self._present(self._company, self._answer.company_hours)

    def _present(self, name: str, hours: Hours) -> Sentence:
        clock = self._event.clock
        runs = [say("%(start)s to %(end)s", start=clock(a), end=clock(b)) for a, b in hours]
        if not runs:
            return say("%(name)s is present in no slot.", name=name)
        return say(
            "%(name)s is present in slots from %(runs)s.",
            name=name,
            runs=listed(runs, " and from "),
        )

    def _maximum(self, maximum: Maximum) -> Sentence:
        limit, who = maximum.limit, self._student
        if maximum.whose is None:
            text = counted(
                limit,
                "Each student has at most %(num)s meeting",
                "Each student has at most %(num)s meetings",
            )
        elif maximum.whose is PersonKind.COMPANY:
            who, text = self._company, self._company_takes(limit)
        else:
            text = counted(
                limit,
                "%(student)s wants at most %(num)s meeting",
                "%(student)s wants at most %(num)s meetings",
                student=self._student,
            )
        if not maximum.pinned:
            return say("%(text)s.", text=text)
        return say(
            "%(text)s, and staff have pinned %(pinned)s of %(who)s with others.",
            text=text,
            pinned=maximum.pinned,
            who=who,
        )

    def _company_takes(self, limit: int) -> Sentence:
        return counted(
            limit,
            "%(company)s takes at most %(num)s meeting",
            "%(company)s takes at most %(num)s meetings",
            company=self._company,
        )

    def _in_the_way(self) -> Iterator[Sentence]:
        own, places = self._answer.own, self._answer.places
        if own is not None and own.ranks and len(own.ranks) >= own.limit:
            text = self._has_all(own)
            if own.is_all_better:
                yield say("%(text)s; each is worth more points than this one would be.", text=text)
            else:
                yield say("%(text)s.", text=text)
        if places is None:
            return
        company = self._answer.company
        if company.max_meetings is not None and places.meetings >= company.max_meetings:
            text = self._company_takes(company.max_meetings)
            yield say("%(text)s, and all are given.", text=text)
        yield say(
            "%(company)s has %(places)s in the %(slots)s in which both are present; %(given)s.",
            company=self._company,
            places=counted(places.places, "%(num)s place", "%(num)s places"),
            slots=counted(places.slots, "%(num)s slot", "%(num)s slots"),
            given=_given(places.taken, places.places, places.holders),
        )
        yield from self._full_room()

    def _full_room(self) -> Iterator[Sentence]:
        """A seat that nobody can have, because the whole room is full then."""
        full = [own for own in self._answer.openings if own.obstacle is Obstacle.ROOM_FULL]
        if full and full[0].room is not None:
            yield counted(
                full[0].room.capacity or 0,
                "A seat is free at %(times)s, but %(room)s is full with %(num)s student.",
                "A seat is free at %(times)s, but %(room)s is full with %(num)s students.",
                times=", ".join(self._event.clock(own.start_min) for own in full),
                room=full[0].room.label,
            )

    def _has_all(self, own: OwnMeetings) -> Sentence:
        if own.is_own_limit:
            return counted(
                len(own.ranks),
                "%(student)s has %(num)s meeting, as many as %(student)s asked for (%(ranks)s)",
                "%(student)s has %(num)s meetings, as many as %(student)s asked for (%(ranks)s)",
                student=self._student,
                ranks=_ranks(own.ranks),
            )
        return counted(
            len(own.ranks),
            "%(student)s has %(num)s meeting, as many as a student may have (%(ranks)s)",
            "%(student)s has %(num)s meetings, as many as a student may have (%(ranks)s)",
            student=self._student,
            ranks=_ranks(own.ranks),
        )

    def _outcome(self) -> Iterator[Sentence]:
        kind, price = self._answer.kind, self._answer.price
        if kind is PairKind.IMPOSSIBLE:
            yield from (say("%(text)s.", text=clash) for clash in self._answer.clashes)
            yield say("No timetable in which they meet keeps every rule and every pin.")
        elif price is None:
            yield say("Whether they could meet was not found out in time.")
        else:
            yield headline(kind, price)
            if kind is not PairKind.EQUALLY_GOOD:
                entries = price.entries
                yield from (changed(e) for e in entries if not e.is_sure or e.before != e.after)
            if price.breaks_after > price.breaks_before:
                yield counted(
                    price.breaks_after,
                    "The one found has %(num)s break between meetings instead of %(before)s.",
                    "The one found has %(num)s breaks between meetings instead of %(before)s.",
                    before=price.breaks_before,
                )
            yield from self._moves(price)

    def _moves(self, price: Price) -> Iterator[Sentence]:
        moves = price.moves
        which = say("In the timetable found")
        if moves.is_fewest:
            which = say("With the fewest changes")
        if not moves.students:
            yield say(
                "%(which)s, every other student keeps the same companies, perhaps at other times.",
                which=which,
            )
        else:
            yield counted(
                moves.students,
                "%(which)s, %(num)s other student meets other companies: %(meetings)s.",
                "%(which)s, %(num)s other students meet other companies: %(meetings)s.",
                which=which,
                meetings=_exchange(moves.lost, moves.gained),
            )
        if moves.own_lost or moves.own_gained:
            yield say(
                "%(student)s, besides: %(meetings)s.",
                student=self._student,
                meetings=_exchange(moves.own_lost, moves.own_gained),
            )


def _exchange(lost: RankCounts, gained: RankCounts) -> Sentence:
    parts = [say("lost %(meetings)s", meetings=_counts(lost))] if lost else []
    if gained:
        parts.append(say("gained %(meetings)s", meetings=_counts(gained)))
    return listed(parts, "; ")


def _counts(counts: RankCounts) -> Sentence:
    """Such as ``2 of rank 1, 1 of rank 3``."""
    return listed(
        say("%(count)s not ranked", count=count)
        if rank is None
        else say("%(count)s of rank %(rank)s", count=count, rank=rank)
        for rank, count in counts
    )


def _given(taken: int, places: int, holders: RankCounts) -> Sentence:
    """Who has the places."""
    if not taken:
        return say("none is taken")
    to = _holders(holders)
    if places == 1:
        return say("it went to %(holders)s", holders=to)
    if taken < places:
        return say("%(count)s went to %(holders)s", count=taken, holders=to)
    return say("all went to %(holders)s", holders=to)


def _holders(holders: RankCounts) -> Sentence:
    """Such as ``students with rank 1 to 3 and 2 students who did not rank it``."""
    ranks = [rank for rank, _ in holders if rank is not None]
    students = sum(count for rank, count in holders if rank is not None)
    others = sum(count for rank, count in holders if rank is None)
    parts = []
    if ranks:
        span: object = ranks[0]
        if len(ranks) > 1:
            span = say("%(first)s to %(last)s", first=ranks[0], last=ranks[-1])
        parts.append(
            counted(
                students,
                "a student with rank %(ranks)s",
                "students with rank %(ranks)s",
                ranks=span,
            )
        )
    if others:
        parts.append(
            counted(
                others,
                "%(num)s student who did not rank it",
                "%(num)s students who did not rank it",
            )
        )
    return listed(parts, " and ")


def _ranks(ranks: tuple[int | None, ...]) -> Sentence:
    named = [str(rank) for rank in ranks if rank is not None]
    others = len(ranks) - len(named)
    parts = [say("rank %(ranks)s", ranks=", ".join(named))] if named else []
    if others:
        parts.append(say("%(count)s not ranked", count=others))
    return listed(parts)


def _spoken(student: Student) -> Sentence:
    if not student.languages:
        return say("%(student)s has no language", student=student.name)
    languages = terms(TermKind.LANGUAGE, student.languages)
    return say("%(student)s has %(languages)s", student=student.name, languages=languages)
