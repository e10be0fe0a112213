"""What if staff decided otherwise: the event with other settings, each solved, side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod

from scheduler.errors import Problem, SchedulerError
from scheduler.model import Company, CompanyId, Decision, Event, Result, Rules, Window
from scheduler.model.presence import most_seated
from scheduler.sentence import Grouped, say
from scheduler.solve import solve
from scheduler.strategies.base import Settings
from scheduler.validation import check

VARIATION_LIMIT = 50
"""More is a wish to search, which reading a table does not serve; at 10 s each, 8 minutes."""


@dataclass(frozen=True, slots=True)
class Change:
    """What an event would have instead; None and companies not named stay as they are.

    Parameters
    ----------
    length_min
        From opening to closing.
    tables, seats
        By company, in the order in which they were named.
    """

    slot_min: int | None = None
    changeover_min: int | None = None
    length_min: int | None = None
    guarantee: int | None = None
    max_meetings: int | None = None
    tables: tuple[tuple[CompanyId, int], ...] = ()
    seats: tuple[tuple[CompanyId, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Variation:
    """One changed event and how good its timetable is.

    Parameters
    ----------
    problems
        Why it cannot be solved; `result` is None exactly when there are some.
    has_equal_goals
        Whether its points can be compared with those of the event as it is.
    """

    change: Change
    event: Event
    problems: tuple[Problem, ...]
    result: Result | None
    has_equal_goals: bool

    @property
    def places(self) -> int:
        """Students that could be seated, as `scheduler.model.presence.most_seated` counts."""
        return most_seated(self.event)

    def students_with(self, meetings: int) -> int | None:
        """Students with at least so many meetings, also beyond the guarantee; None untold."""
        if self.result is None or self.result.timetable is None:
            return None
        counts = Counter(meeting.student_id for meeting in self.result.timetable.meetings)
        return sum(1 for count in counts.values() if count >= meetings)


def changes(
    *,
    slot_min: Sequence[int] = (),
    changeover_min: Sequence[int] = (),
    length_min: Sequence[int] = (),
    guarantee: Sequence[int] = (),
    max_meetings: Sequence[int] = (),
    tables: Mapping[CompanyId, Sequence[int]] | None = None,
    seats: Mapping[CompanyId, Sequence[int]] | None = None,
) -> tuple[Change, ...]:
    """Combine every value of each list with every value of the others.

    Returns
    -------
    tuple of Change
        The last list runs fastest; a value that is there twice counts once; none without lists.

    Raises
    ------
    SchedulerError
        More than `VARIATION_LIMIT` combinations.
    """
    tables, seats = tables or {}, seats or {}
    numbers = [
        _once(values) or (None,)
        for values in (slot_min, changeover_min, length_min, guarantee, max_meetings)
    ]
    companies = [_once(values) for values in (*tables.values(), *seats.values())]
    count = prod(len(values) for values in (*numbers, *companies))
    if count > VARIATION_LIMIT:
        raise SchedulerError(
            say(
                "%(count)s variations asked, at most %(most)s are solved; give fewer values",
                count=Grouped(count),
                most=VARIATION_LIMIT,
            )
        )
    made = (
        Change(
            slot_min=number[0],
            changeover_min=number[1],
            length_min=number[2],
            guarantee=number[3],
            max_meetings=number[4],
            tables=tuple(zip(tables, own[: len(tables)], strict=True)),
            seats=tuple(zip(seats, own[len(tables) :], strict=True)),
        )
        for number in product(*numbers)
        for own in product(*companies)
    )
    return tuple(change for change in made if change != Change())


def _once(values: Sequence[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(values))


def at_nearest_slots(event: Event) -> Event:
    """Put pins whose time is no slot at the nearest slot, the earlier of two."""

    def moved(own: Decision) -> Decision:
        at = own.start_min
        return own if at is None else replace(own, start_min=nearest_slot(event.window, at))

    return replace(event, decisions=tuple(map(moved, event.decisions)))


def nearest_slot(window: Window, at: int) -> int:
    """Minute at which the nearest slot begins, of two the earlier; ``at`` itself without slots."""
    starts = [slot.start_min for slot in window.slots]
    return min(starts, key=lambda start: abs(start - at), default=at)


def vary(event: Event, change: Change) -> Event:
    """Make the changed event; it may have problems that the event has not.

    Raises
    ------
    SchedulerError
        A company that the event does not have.

    Notes
    -----
    Breaks, presence and decisions keep their times: a pin at a time that is no slot any more, or a
    break outside a shorter window, is a problem of the changed event.
    """
    known = {company.company_id for company in event.companies}
    for company_id, _ in (*change.tables, *change.seats):
        if company_id not in known:
            raise SchedulerError(say("'%(id)s' is not in companies; correct the id", id=company_id))
    tables, seats = dict(change.tables), dict(change.seats)

    def varied(company: Company) -> Company:
        own = company.company_id
        if own not in tables and own not in seats:
            return company
        return replace(
            company,
            tables=tables.get(own, company.tables),
            seats=seats.get(own, company.seats),
        )

    window, rules = event.window, event.rules
    return replace(
        event,
        window=replace(
            window,
            length_min=_or(change.length_min, window.length_min),
            slot_min=_or(change.slot_min, window.slot_min),
            changeover_min=_or(change.changeover_min, window.changeover_min),
        ),
        companies=tuple(varied(company) for company in event.companies),
        rules=replace(
            rules,
            guaranteed_meetings_per_student=_or(
                change.guarantee, rules.guaranteed_meetings_per_student
            ),
            max_meetings_per_student=_or(change.max_meetings, rules.max_meetings_per_student),
        ),
    )


def _or(value: int | None, otherwise: int) -> int:
    return otherwise if value is None else value


def compare(
    event: Event,
    wanted: Iterable[Change],
    settings: Settings,
    *,
    memory_limit_mb: int | None = None,
    moves_pins: bool = False,
    should_stop: Callable[[], bool] = lambda: False,
    on_done: Callable[[Variation], None] | None = None,
) -> tuple[Variation, ...]:
    """Solve the event as it is and each variation, each with the same settings.

    Parameters
    ----------
    wanted
        Changes that make the same event, or that of the event as it is, are solved once.
    moves_pins
        Put pins at times that are no slots in a variation at the nearest slot there.
    should_stop
        Asked while it runs; true ends it, and a variation that was not finished is left out.
    on_done
        Told of each variation when it is finished.

    Returns
    -------
    tuple of Variation
        The event as it is first, then in the order of ``wanted``.

    Raises
    ------
    SchedulerError
        A company that the event does not have; nothing was solved then.
    """
    by_event = [(Change(), event)]
    for change in wanted:
        varied = vary(event, change)
        if moves_pins:
            varied = at_nearest_slots(varied)
        if all(varied != other for _, other in by_event):
            by_event.append((change, varied))
    done: list[Variation] = []
    for change, varied in by_event:
        problems = tuple(check(varied))
        result = None
        if not problems and not should_stop():
            result = solve(
                varied, settings, should_stop=should_stop, memory_limit_mb=memory_limit_mb
            )
        if should_stop():
            break
        equal = _goals(varied.rules) == _goals(event.rules)
        done.append(Variation(change, varied, problems, result, equal))
        if on_done is not None:
            on_done(done[-1])
    return tuple(done)


def _goals(rules: Rules) -> tuple[object, ...]:
    """The rules that say what a timetable is worth; all others say which are allowed."""
    return (
        rules.guaranteed_meetings_per_student,
        rules.rank_weights,
        rules.later_rank_weight,
        rules.mutual_bonus,
        rules.small_talk_bonus,
    )
