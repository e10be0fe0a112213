"""Solve: start it, watch it, compare what came out, take one to work on."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from flask import current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.errors import Problem
from scheduler.explain.shortfall import shortfalls
from webui import access
from webui.access import colleague, now, services
from webui.operations import queue, solving
from webui.operations.log import RefusedError
from webui.operations.standing import is_older, standing_of
from webui.staff.base import blueprint, event_page
from webui.store import EventRow, Job, TimetableRow
from webui.store.exchange import LISTS, window_of
from webui.words import levels
from webui.words.filters import clock, moment
from webui.words.refusals import told

Answer = str | Response | tuple[str, int]

PROBLEMS_SHOWN = 12
MOST_COMPARED = 4
SHOWN_APART = frozenset({"rules.guaranteed_meetings_per_student"})
"""Settings that the page has a line for anyway."""
LATE_AFTER = dt.timedelta(seconds=10)


@blueprint.route("/events/<key>/solve", methods=["GET", "POST"])
def solve(key: str) -> Answer:
    """Start a solve; watch the one that runs; see what came out."""
    if request.method == "GET":
        return event_page("staff/solve.html", step="solve", **_shown(_latest("solve")))
    form = request.form
    try:
        solving.start_solve(
            services().database,
            colleague().actor,
            now(),
            event_id=access.event().id,
            time_limit_s=form.get("time_limit", 0, type=int),
            seed=_seed(form.get("seed", "1")),
            note=form.get("note", ""),
            keeps_working="keeps_working" in form,
        )
    except RefusedError as error:
        shown = _shown(_latest("solve"), typed=form.to_dict(), error=told(error), field=error.field)
        return event_page("staff/solve.html", step="solve", **shown), 422
    return redirect(url_for("staff.solve", key=key))


def _seed(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 9:
        raise RefusedError("A whole number of at most nine digits.", field="seed")
    return int(text)


@blueprint.get("/events/<key>/solve/live")
def solve_live(key: str) -> Response:
    """The running solve for the page that polls; 304 while nothing changed."""
    job = _latest("solve")
    return live_answer(job, "staff/_solving.html", "staff/_solve.html", _shown, page="#solve")


def live_answer(
    job: Job | None,
    part: str,
    whole: str,
    shown: Callable[[Job | None], dict[str, Any]],
    *,
    page: str,
) -> Response:
    """Answer a page that polls: its part while the job is active, then the whole page.

    Parameters
    ----------
    shown
        Gives the values of the templates for this very reading of the job: read again, it could
        have ended in between.
    page
        Selector of what the whole page replaces.
    """
    mark = mark_of(job)
    if request.headers.get("If-None-Match") == mark:
        answer = current_app.response_class(status=304)
    else:
        is_active = job is not None and job.state in queue.ACTIVE
        values = shown(job)
        answer = make_response(
            render_template(part if is_active else whole, event=access.event(), **values)
        )
        if not is_active:
            answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = page, "outerHTML"
    answer.headers["ETag"] = mark
    return answer


def is_late(job: Job | None) -> bool:
    """Whether a job waits so long that perhaps nobody is there to do it."""
    return job is not None and job.state == "waiting" and now() - job.created_at > LATE_AFTER


def mark_of(job: Job | None) -> str:
    """Entity tag of a page that shows a job: another one when it would look otherwise."""
    own = job and (job.id, job.state, job.attempts, job.cancel_asked_at, job.progress)
    state = [own, is_late(job), str(get_locale())]
    return f'"{hashlib.sha256(json.dumps(state, default=str).encode()).hexdigest()[:32]}"'


@blueprint.post("/events/<key>/jobs/<int:job_id>/cancel")
def cancel_job(key: str, job_id: int) -> Response:
    """End a job; what it has found is kept."""
    queue.cancel(
        services().database,
        colleague().actor,
        now(),
        event_id=access.event().id,
        job_id=job_id,
        kinds=("solve", "whatif"),
    )
    page = "staff.what_if" if request.form.get("page") == "what_if" else "staff.solve"
    return redirect(url_for(page, key=key))


@blueprint.get("/events/<key>/solve/compare")
def compare(key: str) -> str:
    """Results side by side, or one of them whole."""
    row, database = access.event(), services().database
    wanted = list(dict.fromkeys(request.args.getlist("r", type=int)))
    found = solving.rows_of_results(database, row.id, wanted[:MOST_COMPARED])
    used, edits = _working()
    shown = _results(found, used)
    return event_page(
        "staff/compare.html",
        step="solve",
        results=shown,
        is_cut=len(wanted) > MOST_COMPARED,
        n_asked=len(wanted),
        settings=_settings_apart(found),
        edits=edits,
    )


def _settings_apart(rows: list[TimetableRow]) -> list[tuple[str, list[str]]]:
    """Settings of the event that were not the same when results were made, but for those shown."""
    each = [own.summary.get("settings", {}) for own in rows]
    keys = dict.fromkeys(key for own in each for key in own if all(each))
    told = [(key, [own.get(key, "") for own in each]) for key in keys if key not in SHOWN_APART]
    return [(key, texts) for key, texts in told if len(set(texts)) > 1]


@blueprint.get("/events/<key>/solve/results/<int:timetable_id>/below")
def below(key: str, timetable_id: int) -> Answer:
    """Students below the guarantee of a result, with the reasons."""
    row, database = access.event(), services().database
    try:
        found = solving.load(database, row.id, timetable_id)
    except RefusedError as error:
        flash(told(error))
        return redirect(url_for("staff.solve", key=key))
    return event_page(
        "staff/below.html",
        step="solve",
        result=_result(found.row),
        guarantee=found.event.rules.guaranteed_meetings_per_student,
        people=shortfalls(found.event, found.timetable),
    )


@blueprint.post("/events/<key>/solve/results/<int:timetable_id>/use")
def use_result(key: str, timetable_id: int) -> Answer:
    """Take a result to work on."""
    try:
        solving.use_result(
            services().database,
            colleague().actor,
            now(),
            event_id=access.event().id,
            timetable_id=timetable_id,
        )
    except RefusedError as error:
        shown = _shown(_latest("solve"), error=told(error))
        return event_page("staff/solve.html", step="solve", **shown), 409
    flash(_("This is the timetable you work on now."))
    return redirect(url_for("staff.timetable", key=key))


@blueprint.post("/events/<key>/solve/results/<int:timetable_id>/drop")
def drop_result(key: str, timetable_id: int) -> Response:
    """Forget a result."""
    solving.drop_result(
        services().database,
        colleague().actor,
        now(),
        event_id=access.event().id,
        timetable_id=timetable_id,
    )
    flash(_("The result is dropped."))
    return redirect(url_for("staff.solve", key=key))


def _latest(kind: str) -> Job | None:
    jobs = queue.jobs_of(services().database, access.event().id, kind, limit=1)
    return jobs[0] if jobs else None


def _working() -> tuple[int | None, int | None]:
    """The result that staff work on, and how many changes by hand; None without a timetable."""
    with services().database.reading() as session:
        own = solving.working(session, access.event().id)
        return (None, None) if own is None else (own.parent_id, solving.edits_of(session, own.id))


def _shown(
    job: Job | None, *, typed: Any = None, error: str = "", field: str = ""
) -> dict[str, Any]:
    """Values of the page; ``typed`` is a form that was refused."""
    row, database = access.event(), services().database
    used, edits = _working()
    standing = standing_of(database, row)
    return {
        "job": job,
        "mark": mark_of(job),
        "is_active": job is not None and job.state in queue.ACTIVE,
        "is_late": is_late(job),
        "ahead": 0 if job is None else queue.ahead_of(database, job),
        "lines": [] if job is None else live_lines(job),
        "results": _results(solving.results_of(database, row.id), used),
        "edits": edits,
        "problems": [(own, fix_of(own, row.key)) for own in standing.problems[:PROBLEMS_SHOWN]],
        "n_problems": len(standing.problems),
        "typed": {"time_limit": str(solving.USUAL_S), "seed": "1", "note": "", **(typed or {})},
        "error": error,
        "field": field,
        "words": levels,
    }


def live_lines(job: Job) -> list[levels.LevelLine]:
    """Levels of the best that a running solve has."""
    return levels.level_lines(job.progress.get("levels", []), job.progress)


def fix_of(problem: Problem, key: str) -> str:
    """Address of the page where a problem can be put right."""
    if problem.table == "event":
        return url_for("staff.set_up", key=key)
    if problem.table in LISTS:
        return url_for("staff.people_list", key=key, name=problem.table)
    return url_for("staff.people_overview", key=key)


def _results(rows: Iterable[TimetableRow], used: int | None) -> list[dict[str, Any]]:
    """What pages say of results; those of one minute are told apart by their seconds."""
    shown = [_result(own, is_used=own.id == used) for own in rows]
    minutes = Counter(own["made"] for own in shown)
    for own in shown:
        if minutes[own["made"]] > 1:
            own["made"] += f"{own['row'].created_at::%S}"
    return shown


def _result(own: TimetableRow, *, is_used: bool = False) -> dict[str, Any]:
    """What pages say of a result."""
    summary = own.summary
    figures = summary["figures"]
    return {
        "row": own,
        "made": moment(own.created_at, access.event().timezone),
        "name": levels.name_of(own.settings.get("note", "")),
        "summary": summary,
        "figures": figures,
        "verdict": levels.verdict(
            summary,
            limit_s=own.settings["time_limit_s"],
            is_around=own.settings["keeps_working"],
        ),
        "lines": levels.level_lines(summary["levels"], figures),
        "n_below": len(summary["below_guarantee"]),
        "guarantee": _guarantee(summary),
        "runtime_s": summary["runtime_s"]["total"],
        "is_older": is_older(services().database, access.event(), own),
        "fits_slots": set(figures["slots"]) <= _clocks(access.event()),
        "is_used": is_used,
    }


def _clocks(event: EventRow) -> set[str]:
    """When slots begin now, as a result's figures name them."""
    return {clock(event.start_min + own.start_min) for own in window_of(event).slots}


def _guarantee(summary: dict[str, Any]) -> int:
    """The meetings guaranteed when a result was sought: one entry of the first level each."""
    first = next(own for own in summary["levels"] if own["name"] == "guaranteed_meetings")
    return len(first["value"])
