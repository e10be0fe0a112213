"""A student's schedule: now and next, the list, why others are missing, calendar and paper."""

from __future__ import annotations

import datetime as dt
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import abort, render_template
from flask_babel import get_locale
from werkzeug.wrappers import Response

from scheduler.documents import print_pack
from scheduler.importers.cells import parse_positions
from webui.access import now, services, visitor
from webui.operations import missed, schedules
from webui.operations.schedule_changes import Changes, changes_of
from webui.operations.schedules import Appointment, Schedule
from webui.students.base import blueprint, has_mail, student_page
from webui.students.calendar import calendar_file, place_words
from webui.students.own_data import attachment
from webui.words.filters import day as day_words
from webui.words.students import missed_words, offered, until_words
from webui.words.translated import _


@dataclass(frozen=True, slots=True)
class Line:
    """A meeting as the page shows it."""

    own: Appointment
    place: str
    offers: str
    is_over: bool
    change: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """Where a student is in the day.

    Parameters
    ----------
    card
        The meeting that is on, or else the next one; None when all are over.
    is_on
        Whether it has begun.
    until
        How long until it begins.
    then
        The one after the card.
    is_today
        Whether the event is today; the page then asks again every minute.
    gone
        Meetings that the version before had; nothing is told of changes when the event is over.
    """

    schedule: Schedule
    lines: tuple[Line, ...]
    card: Line | None
    is_on: bool
    until: str
    then: Line | None
    is_today: bool
    clock: str
    gone: tuple[Appointment, ...] = ()


def day_of(schedule: Schedule, at: dt.datetime, changes: Changes) -> Day:
    """Find now and next, and say what changed."""
    event = schedule.event
    if at >= schedules.moment_of(event, event.end_min):
        changes = Changes()
    lines = tuple(
        Line(
            own,
            place_words(own),
            offered(parse_positions(own.positions)),
            own.ends <= at,
            _change(own, changes),
        )
        for own in schedule.appointments
    )
    ahead = [line for line in lines if not line.is_over]
    local = at.astimezone(ZoneInfo(schedule.event.timezone))
    return Day(
        schedule,
        lines,
        card=ahead[0] if ahead else None,
        is_on=bool(ahead) and ahead[0].own.starts <= at,
        until=until_words(ahead[0].own.starts, at) if ahead else "",
        then=ahead[1] if len(ahead) > 1 else None,
        is_today=local.date() == schedule.event.date,
        clock=f"{local:%H:%M}",
        gone=changes.gone,
    )


def _change(own: Appointment, changes: Changes) -> str:
    """What is new about a meeting, in words; empty when it is where it was."""
    if own.company_pk in changes.new:
        return _("new")
    was = changes.was.get(own.company_pk)
    return _("moved: was %(spot)s", spot=_was(was, own.starts.date())) if was else ""


def _was(own: Appointment, date: dt.date) -> str:
    """When and where a meeting was; the day, where it was another."""
    time = f"{own.starts:%H:%M}"
    when = time if own.starts.date() == date else f"{day_words(own.starts.date())} {time}"
    return _("%(time)s, table %(table)s, %(room)s", time=when, table=own.table, room=own.room)


def _schedule() -> Schedule | None:
    return schedules.schedule_of(services().database, visitor().student_pk)


def _day(own: Schedule) -> Day:
    return day_of(own, now(), changes_of(services().database, own))


@blueprint.get("/me/schedule")
def schedule() -> str:
    """When, where and whom I meet; and why not the others I wished for."""
    own = _schedule()
    if own is None:
        return student_page("students/no_schedule.html", tab="schedule")
    event, found = missed.missed_by(services().database, own)
    return student_page(
        "students/schedule.html",
        tab="schedule",
        day=_day(own),
        place_words=place_words,
        missed=[
            (each.rank, each.answer.company, missed_words(each.answer, event.clock))
            for each in found
        ],
    )


@blueprint.get("/me/schedule/now")
def schedule_now() -> str:
    """The part of the page that changes during the day."""
    own = _schedule()
    if own is None:
        return render_template("students/_withdrawn.html", has_mail=has_mail())
    return render_template("students/_day.html", day=_day(own), place_words=place_words)


@blueprint.get("/me/schedule.ics")
def calendar() -> Response:
    """The meetings for one's own calendar."""
    found = schedules.calendar_of(services().database, visitor().student_pk)
    content = calendar_file(found, host=services().settings.host)
    return attachment(content, name="company-dating.ics", kind="text/calendar; charset=utf-8")


@blueprint.get("/me/schedule.pdf")
def schedule_pdf() -> Response:
    """The schedule on paper, in the reader's language."""
    event, timetable, student_id, number = schedules.whole_timetable(
        services().database, visitor().student_pk
    )
    event = replace(event, language=str(get_locale() or event.language))
    with tempfile.TemporaryDirectory() as folder:
        report = print_pack(
            event,
            timetable,
            Path(folder),
            only=("schedules",),
            ids=(student_id,),
            badge_ids={},
            processes=1,
            version=number,
        )
        files = [file for file in report.files if file.kind == "schedules"]
        if not files:
            abort(404)
        content = files[0].path.read_bytes()
    return attachment(content, name="my-schedule.pdf", kind="application/pdf")
