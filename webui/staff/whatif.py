"""What if: other settings compared with the event as it is, before anything is decided."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from werkzeug.wrappers import Response

from webui import access
from webui.access import colleague, now, services
from webui.operations import queue, whatif
from webui.operations.log import RefusedError, StaleError
from webui.operations.whatif import Wanted
from webui.staff.base import blueprint, event_page
from webui.staff.solving import live_answer, mark_of
from webui.store import CompanyRow, EventRow, Job
from webui.words import levels
from webui.words.filters import clock
from webui.words.refusals import told

Answer = str | Response | tuple[str, int]

NUMBERS = ("slot_min", "changeover_min", "guarantee", "max_meetings")
LARGEST = 240
MOST_VALUES = 6
PINS_SHOWN, PINS_OPEN = 30, 2


@blueprint.route("/events/<key>/what-if", methods=["GET", "POST"])
def what_if(key: str) -> Answer:
    """Ask for variations, watch them come, see them beside the event as it is."""
    if request.method == "GET":
        return event_page("staff/what_if.html", step="solve", **_shown(_latest()))
    errors: dict[str, str] = {}
    wanted = _read(request.form, errors)
    if not errors:
        try:
            whatif.start_whatif(
                services().database,
                colleague().actor,
                now(),
                event_id=access.event().id,
                wanted=wanted,
            )
        except RefusedError as error:
            errors[error.field or "whole"] = told(error)
    if errors:
        shown = _shown(_latest(), typed=request.form, errors=errors)
        return event_page("staff/what_if.html", step="solve", **shown), 422
    return redirect(url_for("staff.what_if", key=key))


@blueprint.get("/events/<key>/what-if/live")
def what_if_live(key: str) -> Response:
    """The variations that are there so far, for the page that polls."""
    return live_answer(
        _latest(), "staff/_variations.html", "staff/_variations.html", _shown, page="#variations"
    )


@blueprint.post("/events/<key>/what-if/<int:job_id>/use/<int:number>")
def use_variation(key: str, job_id: int, number: int) -> Answer:
    """Give the event the settings of a variation."""
    try:
        moved = whatif.use_variation(
            services().database,
            colleague().actor,
            now(),
            event_id=access.event().id,
            job_id=job_id,
            number=number,
        )
    except StaleError:
        text = _("The event was changed since these were compared. Compare again, then decide.")
        shown = _shown(_latest(), errors={"whole": text})
        return event_page("staff/what_if.html", step="solve", **shown), 409
    flash(_("The event has these settings now. Solve it to get its timetable."))
    if moved:
        flash(
            ngettext(
                "%(num)d pin with a time moved to the nearest slot.",
                "%(num)d pins with a time moved to the nearest slot.",
                moved,
            )
        )
    return redirect(url_for("staff.solve", key=key))


def _latest() -> Job | None:
    jobs = queue.jobs_of(services().database, access.event().id, "whatif", limit=1)
    return jobs[0] if jobs else None


def _read(form: Mapping[str, str], errors: dict[str, str]) -> Wanted:
    """Read what to try; every fault stands at its field."""
    values = {name: _whole_numbers(form.get(name, ""), name, errors) for name in NUMBERS}
    end = form.get("end", "")
    ends: tuple[int, ...] = ()
    if end:
        found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", end)
        if found:
            ends = (60 * int(found[1]) + int(found[2]),)
        else:
            errors["end"] = _("Write a time, such as 16:00.")
    company, tables = form.get("company", ""), form.get("tables", "")
    by_company = {}
    if company:
        by_company[company] = _whole_numbers(tables, "tables", errors)
        if not tables.strip():
            errors["tables"] = _("How many tables?")
        elif company not in {own for own, *_rest in _companies()}:
            errors["company"] = _("This company is not in the event.")
    seconds = _whole_numbers(form.get("time_limit", ""), "time_limit", errors)
    return Wanted(
        end_min=ends,
        tables=by_company,
        time_limit_s=seconds[0] if seconds else whatif.USUAL_S,
        **values,
    )


def _whole_numbers(text: str, name: str, errors: dict[str, str]) -> tuple[int, ...]:
    parts = [part.strip() for part in re.split(r"[;,\s]+", text) if part.strip()]
    are_good = all(part.isascii() and part.isdecimal() and len(part) < 4 for part in parts)
    if not are_good or len(parts) > MOST_VALUES or any(int(part) > LARGEST for part in parts):
        errors[name] = _("Whole numbers, such as 10; 12.")
        return ()
    return tuple(dict.fromkeys(map(int, parts)))


def _companies() -> list[tuple[str, str, int]]:
    asked = (
        select(CompanyRow.company_id, CompanyRow.name, CompanyRow.tables)
        .where(CompanyRow.event_id == access.event().id)
        .order_by(CompanyRow.position)
    )
    with services().database.reading() as session:
        return [(own_id, name, tables) for own_id, name, tables in session.execute(asked)]


def _shown(
    job: Job | None, *, typed: Any = None, errors: Mapping[str, str] | None = None
) -> dict[str, Any]:
    row = access.event()
    progress = {} if job is None else job.progress
    rows = progress.get("rows", [])
    companies = _companies()
    names = {own_id: name for own_id, name, _tables in companies}
    is_older = bool(rows) and progress["revision"] != row.revision
    changes = [] if is_older else [own["change"] for own in rows]
    pins = dict(enumerate(whatif.moved_pins(services().database, row, changes)))
    return {
        "job": job,
        "mark": mark_of(job),
        "is_active": job is not None and job.state in queue.ACTIVE,
        "wanted": progress.get("wanted", 0),
        "is_older": is_older,
        "rows": [
            (_name(own["change"], row, names), own, pins.get(number, ()))
            for number, own in enumerate(rows)
        ],
        "failed": sum(not own.get("summary", {}).get("levels") for own in rows),
        "pins_shown": PINS_SHOWN,
        "pins_open": PINS_OPEN,
        "deepest": max((own["guarantee"] for own in rows), default=0),
        "companies": companies,
        "typed": typed or _typed({} if job is None else job.asked),
        "errors": errors or {},
        "words": levels,
    }


def _typed(asked: Mapping[str, Any]) -> dict[str, str]:
    """What was typed to ask for a comparison; the form keeps it, to change a little of it."""
    tables = asked.get("tables", {})
    company = next(iter(tables), "")
    return {
        **{name: _joined(asked.get(name, ())) for name in NUMBERS},
        "end": next(map(clock, asked.get("end_min", ())), ""),
        "company": company,
        "tables": _joined(tables.get(company, ())),
        "time_limit": str(asked.get("time_limit_s", whatif.USUAL_S)),
    }


def _joined(values: Iterable[int]) -> str:
    return "; ".join(map(str, values))


def _name(change: Mapping[str, Any], row: EventRow, names: Mapping[str, str]) -> str:
    """Name a variation by what it changes."""
    parts = []
    if "slot_min" in change:
        parts.append(_("slots of %(n)s min", n=change["slot_min"]))
    if "changeover_min" in change:
        parts.append(_("%(n)s min between", n=change["changeover_min"]))
    if "length_min" in change:
        parts.append(_("until %(time)s", time=clock(row.start_min + change["length_min"])))
    if "guarantee" in change:
        parts.append(_("guarantee %(n)s", n=change["guarantee"]))
    if "max_meetings" in change:
        parts.append(
            ngettext("at most %(num)d meeting", "at most %(num)d meetings", change["max_meetings"])
        )
    parts += [
        _("%(company)s: tables %(n)s", company=names.get(own, own), n=count)
        for own, count in change.get("tables", {}).items()
    ]
    return ", ".join(parts)
