"""Words for students: why a company does not fit, why a wish was not met, what a level means."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from flask_babel import get_locale

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
        missing = tuple(
            own for own in company.languages if not meets_needs(student.languages, (own,))
        )
        return _(
            "Asks for %(asked)s. Missing in what you said: %(missing)s.",
            asked=languages_of(company.languages),
            missing=languages_of(missing),
        )
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


def missed_words(answer: PairAnswer) -> list[str]:
    """Say to a student why a wish was not met; nobody else is named, and no veto is told."""
    return list(_missed(answer))


def _missed(answer: PairAnswer) -> Iterator[str]:
    kind = answer.kind
    if kind is PairKind.VETO:
        yield _("The company chose other profiles.")
    elif kind is PairKind.FORBID:
        yield _("The organisers decided that you do not meet this time.")
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
        yield from _in_the_way(answer)


def _in_the_way(answer: PairAnswer) -> Iterator[str]:
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
        yield _("It has places left, but none that fits with your meetings and all the others.")
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


def level_words(proficiency: Proficiency) -> str:
    """A CEFR level with what it means in daily work."""
    return {
        Proficiency.A1: _("A1: a few words and phrases"),
        Proficiency.A2: _("A2: simple everyday talk"),
        Proficiency.B1: _("B1: get along on familiar topics"),
        Proficiency.B2: _("B2: take part in meetings"),
        Proficiency.C1: _("C1: fluent, also at work"),
        Proficiency.C2: _("C2: nearly like a native speaker"),
        Proficiency.NATIVE: _("Native: my mother tongue"),
    }[proficiency]


def saved_words(at: dt.datetime | None, now: dt.datetime, zone: str) -> str:
    """Such as ``Saved 14:02``, in the event's zone; the day too when it was another."""
    if at is None:
        return _("Not changed by you yet")
    local = at.astimezone(ZoneInfo(zone))
    if local.date() == now.astimezone(ZoneInfo(zone)).date():
        return _("Saved %(time)s", time=f"{local:%H:%M}")
    return _("Saved %(time)s", time=moment(at, zone))


def until_words(starts: dt.datetime, now: dt.datetime) -> str:
    """How long it is until a meeting begins, as one would say it."""
    minutes = -(-(starts - now).total_seconds() // 60)
    if minutes < 1:
        return _("now")
    if minutes < 60:
        return ngettext("in %(num)d minute", "in %(num)d minutes", int(minutes))
    hours = int(minutes // 60)
    if hours < 24:
        return _("in %(hours)d h %(minutes)d min", hours=hours, minutes=int(minutes % 60))
    return ngettext("in %(num)d day", "in %(num)d days", hours // 24)
