"""Words for students: why a company does not fit, why a wish was not met, what a level means."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from zoneinfo import ZoneInfo

from flask_babel import get_locale

from scheduler.explain.openings import Obstacle, Opening
from scheduler.explain.pair_answer import PairAnswer, PairKind
from scheduler.model import (
    Company,
    Language,
    PersonKind,
    Position,
    Proficiency,
    Student,
    meets_needs,
)
from scheduler.model.eligibility import Refusal
from scheduler.reports import words
from webui.words.conflicts import languages_of, positions_of
from webui.words.filters import moment
from webui.words.translated import _, ngettext


def _language() -> str:
    return str(get_locale() or "en")


def asked_languages(company: Company) -> str:
    """The languages a company asks for, in words."""
    return words.asked(company.languages, _language())


def offered(positions: tuple[Position, ...]) -> str:
    """Positions in words."""
    return words.positions_in_words(positions, _language())


def spoken(languages: tuple[Language, ...]) -> str:
    """Languages with their levels, best first."""
    return words.spoken(languages, _language())


def refusal_words(refusal: Refusal, student: Student, company: Company) -> str:
    """Say to a student which of the company's conditions is not met."""
    if refusal is Refusal.LANGUAGE:
        return _language_words(student, company)
    if refusal is Refusal.FIELD:
        own = student.field.strip()
        wanted = ", ".join(company.fields)
        if not own:
            return _("Looks for %(wanted)s. Your field is not given.", wanted=wanted)
        return _("Looks for %(wanted)s. Your field is %(own)s.", wanted=wanted, own=own)
    return _(
        "Offers: %(offered)s. You look for: %(sought)s.",
        offered=positions_of(company.positions),
        sought=positions_of(student.positions),
    )


def _language_words(student: Student, company: Company) -> str:
    """Set what is asked beside what is stored, of the languages that are missing if of any."""
    asked = languages_of(company.languages)
    if not student.languages:
        return _("Asks for %(asked)s. Your languages are not given.", asked=asked)
    missing = {
        language.code.split("-")[0]
        for need in company.languages
        if not meets_needs(student.languages, (need,))
        for language in need
    }
    near = [own for own in student.languages if own.code.split("-")[0] in missing]
    own = languages_of([(language,) for language in near or student.languages])
    return _("Asks for %(asked)s; you have %(own)s.", asked=asked, own=own)


def missed_words(answer: PairAnswer, clock: Callable[[int], str]) -> list[str]:
    """Say to a student why a wish was not met; nobody else is named, and no veto is told.

    Parameters
    ----------
    clock
        Writes minutes since the window opens as the time of day.
    """
    return list(_missed(answer, clock))


def _missed(answer: PairAnswer, clock: Callable[[int], str]) -> Iterator[str]:
    kind = answer.kind
    if kind is PairKind.VETO:
        yield _("The company chose other profiles.")
    elif kind is PairKind.FORBID:
        yield _("The people who run the event decided that you do not meet this time.")
    elif answer.refusals:
        yield refusal_words(answer.refusals[0], answer.student, answer.company)
    elif kind is PairKind.NEVER_TOGETHER:
        yield _("You and the company are never here at the same time.")
    elif kind is PairKind.MAXIMUM and answer.maximum is not None:
        if answer.maximum.whose is PersonKind.COMPANY:
            yield _("The company has as many meetings as it takes.")
        else:
            yield _("You have as many meetings as you can have.")
    elif kind is PairKind.IMPOSSIBLE:
        yield _("It did not fit with meetings that were decided before.")
    else:
        yield from _in_the_way(answer, clock)


def _in_the_way(answer: PairAnswer, clock: Callable[[int], str]) -> Iterator[str]:
    own, places, rank = answer.own, answer.places, answer.rank
    if own is not None and own.ranks and len(own.ranks) >= own.limit:
        text = ngettext(
            "You have %(num)d meeting, as many as one can have.",
            "You have %(num)d meetings, as many as one can have.",
            len(own.ranks),
        )
        if rank is not None and all(other is not None and other < rank for other in own.ranks):
            text = ngettext(
                "You have %(num)d meeting, as many as one can have, and it is a higher wish.",
                "You have %(num)d meetings, as many as one can have, all of them higher wishes.",
                len(own.ranks),
            )
        yield text
        return
    if places is None:
        return
    limit = answer.company.max_meetings
    if places.taken < places.places and (limit is None or places.meetings < limit):
        yield _left_over(answer.openings, clock)
        yield _("Ask at the desk on the day: places become free.")
        return
    ranks = [other for other, _count in places.holders if other is not None]
    is_all_ranked = len(ranks) == len(places.holders)
    if rank is not None and ranks and is_all_ranked and max(ranks) <= rank:
        yield ngettext(
            "Its only place while you are here went to a student who ranked it as high as you did "
            "or higher.",
            "Its %(num)d places while you are here all went to students who ranked it as high as "
            "you did or higher.",
            places.taken,
        )
    else:
        yield ngettext(
            "Its only place while you are here went to another student.",
            "Its %(num)d places while you are here all went to other students.",
            places.taken,
        )
        yield _("The timetable meets as many wishes of everybody together as it can.")


def _left_over(openings: Sequence[Opening], clock: Callable[[int], str]) -> str:
    """Say why nobody sits on the seats that a company has left."""
    fits = [clock(own.start_min) for own in openings if own.obstacle is None]
    if fits:
        return _(
            "A place is left that would fit you: %(times)s. This timetable does not use it.",
            times=", ".join(fits),
        )
    said: dict[str, list[str]] = {}
    for own in openings:
        said.setdefault(_obstacle(own), []).append(clock(own.start_min))
    reasons = "; ".join(f"{', '.join(times)}: {text}" for text, times in said.items())
    return _("It has places left, but none for you (%(reasons)s).", reasons=reasons)


def _obstacle(opening: Opening) -> str:
    if opening.obstacle is Obstacle.ROOM_FULL and opening.room is not None:
        return ngettext(
            "%(room)s is full, at most %(num)d student",
            "%(room)s is full, at most %(num)d students",
            opening.room.capacity or 0,
            room=opening.room.label,
        )
    if opening.obstacle is Obstacle.BUSY:
        return _("you meet another company")
    if opening.obstacle is Obstacle.TOO_FAR:
        return _("too far to walk from your other meetings")
    return _("too many meetings in a row")


def level_words(proficiency: Proficiency) -> str:
    """A CEFR level with what it means in daily work."""
    return {
        Proficiency.A1: _("A1: a few words and phrases"),
        Proficiency.A2: _("A2: simple everyday talk"),
        Proficiency.B1: _("B1: talk on familiar topics"),
        Proficiency.B2: _("B2: take part in meetings"),
        Proficiency.C1: _("C1: fluent, also at work"),
        Proficiency.C2: _("C2: nearly like a native"),
        Proficiency.NATIVE: _("Native: my mother tongue"),
    }[proficiency]


def saved_words(at: dt.datetime | None, now: dt.datetime, zone: str) -> str:
    """Such as ``Saved 14:02``, in the event's zone; the day too when it was another."""
    if at is None:
        return _("You have not changed anything yet")
    local = at.astimezone(ZoneInfo(zone))
    if local.date() == now.astimezone(ZoneInfo(zone)).date():
        return _("Saved %(time)s", time=f"{local:%H:%M}")
    return _("Saved %(time)s", time=moment(at, zone))


def until_words(starts: dt.datetime, now: dt.datetime) -> str:
    """How long it is until a meeting begins, as one would say it; days by the event's calendar."""
    days = (starts.date() - now.astimezone(starts.tzinfo).date()).days
    if days == 1:
        return _("tomorrow")
    if days > 1:
        return ngettext("in %(num)d day", "in %(num)d days", days)
    minutes = -(-(starts - now).total_seconds() // 60)
    if minutes < 1:
        return _("now")
    if minutes < 60:
        return ngettext("in %(num)d minute", "in %(num)d minutes", int(minutes))
    return _("in %(hours)d h %(minutes)d min", hours=int(minutes // 60), minutes=int(minutes % 60))
