"""Problems of an event's hours, breaks and rules."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.errors import Problem
from scheduler.model import Event
from scheduler.sentence import counted, say

DAY_MIN = 24 * 60


def check_window(event: Event) -> Iterator[Problem]:
    """Find problems of the hours, the slots and the breaks."""
    window = event.window
    if window.length_min < 1:
        yield Problem(
            "event",
            say(
                "the event ends at %(end)s, not after its start at %(start)s",
                end=event.clock(window.length_min),
                start=event.clock(0),
            ),
            say("set a later end"),
            column="event.end",
        )
    elif event.opens_min + window.length_min > DAY_MIN:
        yield Problem(
            "event",
            say(
                "the event ends at %(end)s of the next day",
                end=event.clock(window.length_min),
            ),
            say("let it end by 24:00"),
            column="event.end",
        )
    if window.slot_min < 1:
        yield Problem(
            "event",
            say("a meeting of %(minutes)s minutes is too short", minutes=window.slot_min),
            say("set 1 or more"),
            column="event.slot_min",
        )
    if window.changeover_min < 0:
        yield Problem(
            "event",
            say(
                "%(minutes)s minutes between slots is below 0",
                minutes=window.changeover_min,
            ),
            say("set 0 or more"),
            column="event.changeover_min",
        )
    yield from _check_breaks(event)
    if min(window.length_min, window.slot_min, window.changeover_min + 1) >= 1 and not window.slots:
        yield Problem(
            "event",
            say(
                "no slot of %(minutes)s fits between %(start)s and %(end)s",
                minutes=counted(window.slot_min, "%(num)s minute", "%(num)s minutes"),
                start=event.clock(0),
                end=event.clock(window.length_min),
            ),
            say("shorten the meetings or the breaks, or lengthen the event"),
            column="event.slot_min",
        )


def _check_breaks(event: Event) -> Iterator[Problem]:
    window = event.window
    for number, pause in enumerate(window.breaks, 1):
        own = say(
            "the break %(start)s-%(end)s",
            start=event.clock(pause.start_min),
            end=event.clock(pause.end_min),
        )
        if pause.end_min <= pause.start_min:
            yield Problem(
                "event",
                say("%(pause)s does not end after it starts", pause=own),
                say("correct its times"),
                column=f"event.breaks.{number}",
            )
        elif pause.start_min < 0 or pause.end_min > window.length_min > 0:
            yield Problem(
                "event",
                say(
                    "%(pause)s is not inside %(start)s-%(end)s",
                    pause=own,
                    start=event.clock(0),
                    end=event.clock(window.length_min),
                ),
                say("move it or leave it out"),
                column=f"event.breaks.{number}",
            )
        for other in window.breaks[: number - 1]:
            if max(pause.start_min, other.start_min) < min(pause.end_min, other.end_min):
                yield Problem(
                    "event",
                    say(
                        "%(pause)s overlaps the break %(start)s-%(end)s",
                        pause=own,
                        start=event.clock(other.start_min),
                        end=event.clock(other.end_min),
                    ),
                    say("move one, or make one of the two"),
                    column=f"event.breaks.{number}",
                )


def check_rules(event: Event) -> Iterator[Problem]:
    """Find problems of the rules and the language of the documents."""
    rules = event.rules
    for name in (
        "max_meetings_per_student",
        "guaranteed_meetings_per_student",
        "max_in_a_row",
        "building_change_min",
        "mutual_bonus",
        "small_talk_bonus",
    ):
        value = getattr(rules, name)
        if value < 0:
            yield Problem(
                "event",
                say("%(value)s is below 0", value=value),
                say("set 0 or more"),
                column=f"rules.{name}",
            )
    if any(weight < 0 for weight in rules.rank_weights):
        yield Problem(
            "event",
            say("a weight below 0 in %(weights)s", weights=list(rules.rank_weights)),
            say("use whole numbers of 0 or more"),
            column="rules.rank_weights",
        )
    guarantee = rules.guaranteed_meetings_per_student
    if guarantee > rules.max_meetings_per_student >= 0:
        yield Problem(
            "event",
            counted(
                guarantee,
                "%(num)s guaranteed meeting is more than the %(most)s a student may have",
                "%(num)s guaranteed meetings are more than the %(most)s a student may have",
                most=rules.max_meetings_per_student,
            ),
            say("lower the guarantee or raise max_meetings_per_student"),
            column="rules.guaranteed_meetings_per_student",
        )
    if event.language not in ("en", "da"):
        yield Problem(
            "event",
            say("'%(language)s' is not a language of the documents", language=event.language),
            say("write en or da"),
            column="event.language",
        )
