"""Problems of an event's hours, breaks and rules."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.errors import Problem, counted
from scheduler.model import Event

DAY_MIN = 24 * 60


def check_window(event: Event) -> Iterator[Problem]:
    """Find problems of the hours, the slots and the breaks."""
    window = event.window
    if window.length_min < 1:
        yield Problem(
            "event",
            f"the event ends at {event.clock(window.length_min)}, not after its start at "
            f"{event.clock(0)}",
            "set a later end",
            column="event.end",
        )
    elif event.opens_min + window.length_min > DAY_MIN:
        yield Problem(
            "event",
            f"the event ends at {event.clock(window.length_min)} of the next day",
            "let it end by 24:00",
            column="event.end",
        )
    if window.slot_min < 1:
        yield Problem(
            "event",
            f"a meeting of {window.slot_min} minutes is too short",
            "set 1 or more",
            column="event.slot_min",
        )
    if window.changeover_min < 0:
        yield Problem(
            "event",
            f"{window.changeover_min} minutes between slots is below 0",
            "set 0 or more",
            column="event.changeover_min",
        )
    yield from _check_breaks(event)
    if min(window.length_min, window.slot_min, window.changeover_min + 1) >= 1 and not window.slots:
        yield Problem(
            "event",
            f"no slot of {counted(window.slot_min, 'minute')} fits between {event.clock(0)} and "
            f"{event.clock(window.length_min)}",
            "shorten the meetings or the breaks, or lengthen the event",
            column="event.slot_min",
        )


def _check_breaks(event: Event) -> Iterator[Problem]:
    window = event.window
    for number, pause in enumerate(window.breaks, 1):
        text = f"the break {event.clock(pause.start_min)}-{event.clock(pause.end_min)}"
        if pause.end_min <= pause.start_min:
            yield Problem(
                "event",
                f"{text} does not end after it starts",
                "correct its times",
                column=f"event.breaks.{number}",
            )
        elif pause.start_min < 0 or pause.end_min > window.length_min > 0:
            yield Problem(
                "event",
                f"{text} is not inside {event.clock(0)}-{event.clock(window.length_min)}",
                "move it or leave it out",
                column=f"event.breaks.{number}",
            )
        for other in window.breaks[: number - 1]:
            if max(pause.start_min, other.start_min) < min(pause.end_min, other.end_min):
                yield Problem(
                    "event",
                    f"{text} overlaps the break {event.clock(other.start_min)}-"
                    f"{event.clock(other.end_min)}",
                    "move one, or make one of the two",
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
            yield Problem("event", f"{value} is below 0", "set 0 or more", column=f"rules.{name}")
    if any(weight < 0 for weight in rules.rank_weights):
        yield Problem(
            "event",
            f"a weight below 0 in {list(rules.rank_weights)}",
            "use whole numbers of 0 or more",
            column="rules.rank_weights",
        )
    guarantee = rules.guaranteed_meetings_per_student
    if guarantee > rules.max_meetings_per_student >= 0:
        yield Problem(
            "event",
            f"{counted(guarantee, 'guaranteed meeting')} {'is' if guarantee == 1 else 'are'} more "
            f"than the {rules.max_meetings_per_student} a student may have",
            "lower the guarantee or raise max_meetings_per_student",
            column="rules.guaranteed_meetings_per_student",
        )
    if event.language not in ("en", "da"):
        yield Problem(
            "event",
            f"'{event.language}' is not a language of the documents",
            "write en or da",
            column="event.language",
        )
