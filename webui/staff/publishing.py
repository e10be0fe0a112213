"""The step Publish: what changes for whom, publish, take back, history, latecomers."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler.explain.shortfall import Shortfall, shortfalls
from webui import access
from webui.access import colleague, now, services
from webui.operations import (
    collecting,
    mail_queue,
    previews,
    publishing,
    queue,
    repairing,
    solving,
    versions,
)
from webui.operations.collecting import WindowState
from webui.operations.log import RefusedError, StaleError
from webui.operations.versions import Difference, Person
from webui.staff.base import blueprint, event_page
from webui.words.refusals import told
from webui.words.translated import _

Answer = str | Response | tuple[str, int]

PEOPLE_SHOWN = 12
FAULTS_SHOWN = 10
WORKING = "working"


@blueprint.route("/events/<key>/publish", methods=["GET", "POST"])
def publish(key: str) -> Answer:
    """See what publishing would change; publish it."""
    if request.method == "GET":
        return _page()
    form = request.form
    writes_students, writes_companies = "students" in form, "companies" in form
    try:
        publishing.publish(
            services().database,
            colleague().actor,
            now(),
            event_id=access.event().id,
            timetable_id=form.get("timetable", 0, type=int),
            revision=form.get("revision", 0, type=int),
            number=form.get("number", 0, type=int),
            writes_students=writes_students and services().settings.smtp is not None,
            writes_companies=writes_companies and services().settings.smtp is not None,
        )
    except RefusedError as error:
        return _page(error=told(error)), 422
    except StaleError:
        return _page(error=_stale()), 409
    return redirect(url_for("staff.publish", key=key), 303)


def _stale() -> str:
    return _("The timetable was changed since you looked. This is how it is now.")


def _page(*, error: str = "") -> str:
    row, database = access.event(), services().database
    preview, is_unreadable = None, ""
    try:
        preview = previews.preview(database, row.id)
    except RefusedError as refused:
        is_unreadable = told(refused)
    found = versions.history(database, row.id)
    with database.reading() as session:
        post = mail_queue.post_of(session, row.id)
    sheets = queue.jobs_of(database, row.id, "publish_mail", limit=1)
    return event_page(
        "staff/publish.html",
        step="publish",
        preview=preview,
        unreadable=is_unreadable,
        versions=found,
        current=next((own for own in found if own.withdrawn_at is None), None),
        error=error,
        has_mail=services().settings.smtp is not None,
        post=post,
        sheets=sheets[0] if sheets else None,
        people_shown=PEOPLE_SHOWN,
        faults_shown=FAULTS_SHOWN,
        is_open=collecting.state_of(collecting.window_of(row), now()) is WindowState.OPEN,
        **_repair_shown(),
    )


def _repair_shown() -> dict[str, Any]:
    row, database = access.event(), services().database
    jobs = queue.jobs_of(database, row.id, "repair", limit=1)
    job = jobs[0] if jobs else None
    is_active = job is not None and job.state in queue.ACTIVE
    proposal = None if is_active else repairing.proposal_of(database, row.id)
    return {"job": job, "is_active": is_active, "proposal": proposal}


@blueprint.get("/events/<key>/publish/changes")
def changes(key: str) -> str:
    """What differs between two versions, or a version and the timetable worked on; for print."""
    row, database = access.event(), services().database
    args = request.args
    by = "companies" if args.get("by") == "companies" else "students"
    with database.reading() as session:
        before = versions.version_of(session, row.id, args.get("from", 0, type=int))
        if args.get("to") == WORKING:
            own = solving.working(session, row.id)
            if own is None:
                abort(404)
            after, number = own.id, None
        else:
            version = versions.version_of(session, row.id, args.get("to", 0, type=int))
            after, number = version.timetable_id, version.number
        differs = versions.difference(session, row.id, before.timetable_id, after)
    return event_page(
        "staff/changes.html",
        step="publish",
        before=before.number,
        after=number,
        differs=differs,
        by=by,
        people=_people(differs, by),
    )


def _people(differs: Difference, by: str) -> tuple[Person, ...]:
    return differs.companies if by == "companies" else differs.students


@blueprint.route("/events/<key>/publish/<int:number>/withdraw", methods=["GET", "POST"])
def withdraw(key: str, number: int) -> Answer:
    """Say what taking a version back means, and do it."""
    row, database = access.event(), services().database
    if request.method == "GET":
        with database.reading() as session:
            version = versions.version_of(session, row.id, number)
        if version.withdrawn_at is not None:
            return redirect(url_for("staff.publish", key=key))
        return event_page("staff/withdraw.html", step="publish", number=number)
    try:
        publishing.withdraw(database, colleague().actor, now(), event_id=row.id, number=number)
    except StaleError:
        return _page(error=_stale()), 409
    return redirect(url_for("staff.publish", key=key), 303)


@blueprint.route("/events/<key>/publish/<int:number>/work-on", methods=["GET", "POST"])
def work_on(key: str, number: int) -> Answer:
    """Say what working on an earlier version means, and do it."""
    row, database = access.event(), services().database
    if request.method == "GET":
        with database.reading() as session:
            versions.version_of(session, row.id, number)
            own = solving.working(session, row.id)
            edits = None if own is None else solving.edits_of(session, own.id)
        return event_page("staff/work_on.html", step="publish", number=number, edits=edits)
    try:
        publishing.work_on(database, colleague().actor, now(), event_id=row.id, number=number)
    except RefusedError as error:
        return _page(error=told(error)), 422
    flash(_("You work on a copy of version %(number)s now.", number=number))
    return redirect(url_for("staff.publish", key=key), 303)


@blueprint.post("/events/<key>/publish/keep")
def keep_timetable(key: str) -> Answer:
    """Keep the timetable as it is although the event was changed."""
    form = request.form
    try:
        publishing.keep_as_it_is(
            services().database,
            colleague().actor,
            now(),
            event_id=access.event().id,
            timetable_id=form.get("timetable", 0, type=int),
            revision=form.get("revision", 0, type=int),
        )
    except RefusedError as error:
        return _page(error=told(error)), 422
    except StaleError:
        return _page(error=_stale()), 409
    flash(_("Kept: it breaks no rule of the event as it is now."))
    return redirect(url_for("staff.publish", key=key), 303)


@blueprint.post("/events/<key>/publish/fit-in")
def fit_in(key: str) -> Answer:
    """Ask for the event as it is now with the fewest changes."""
    try:
        repairing.start_repair(
            services().database, colleague().actor, now(), event_id=access.event().id
        )
    except RefusedError as error:
        return _page(error=told(error)), 422
    return redirect(url_for("staff.publish", key=key, _anchor="late"), 303)


@blueprint.get("/events/<key>/publish/fit-in")
def fit_in_live(key: str) -> str:
    """How the fitting in goes, for the page that polls."""
    return render_template("staff/_late.html", event=access.event(), **_repair_shown())


@blueprint.post("/events/<key>/publish/fit-in/<int:job_id>/cancel")
def cancel_fit_in(key: str, job_id: int) -> Response:
    """End the fitting in."""
    queue.cancel(
        services().database,
        colleague().actor,
        now(),
        event_id=access.event().id,
        job_id=job_id,
        kinds=("repair",),
    )
    return redirect(url_for("staff.publish", key=key, _anchor="late"), 303)


@blueprint.route("/events/<key>/publish/proposal", methods=["GET", "POST"])
def proposal(key: str) -> Answer:
    """Look at the proposal; accept it or drop it."""
    row, database = access.event(), services().database
    if request.method == "POST" and request.form.get("do") == "drop":
        repairing.drop(database, colleague().actor, now(), event_id=row.id)
        flash(_("The proposal is dropped. Nothing was changed."))
        return redirect(url_for("staff.publish", key=key), 303)
    if request.method == "POST":
        pk = request.form.get("timetable", 0, type=int)
        try:
            repairing.accept(database, colleague().actor, now(), event_id=row.id, timetable_id=pk)
        except StaleError:
            return _page(error=_("The event or the timetable was changed. Fit in once more.")), 409
        flash(_("Accepted: this is the timetable you work on now. Publish it when you are ready."))
        return redirect(url_for("staff.publish", key=key), 303)
    found = repairing.proposal_of(database, row.id)
    if found is None:
        return redirect(url_for("staff.publish", key=key))
    left: tuple[Shortfall, ...] = ()
    if not found.is_stale:
        made = solving.load(database, row.id, found.row.id)
        left = shortfalls(made.event, made.timetable)
    return event_page("staff/proposal.html", step="publish", proposal=found, people=left)
