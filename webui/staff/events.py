"""The list of events, a new one, and the settings of each."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webui import access
from webui.access import colleague, now, services
from webui.operations import events, steps
from webui.operations.log import RefusedError, StaleError
from webui.operations.naming import key_of
from webui.staff import event_form
from webui.staff.base import ENDPOINTS, blueprint, event_page, step_names
from webui.staff.event_form import EventForm
from webui.words.refusals import told

Answer = str | Response | tuple[str, int]

USUAL = {
    "event.timezone": "Europe/Copenhagen",
    "event.start": "13:00",
    "event.end": "15:30",
    "event.slot_min": "10",
    "event.changeover_min": "2",
}


@blueprint.get("/")
def home() -> str:
    """Every event of this colleague, with what is next."""
    return render_template(
        "staff/home.html",
        events=events.list_events(services().database, colleague(), now()),
        endpoints=ENDPOINTS,
        step_names=step_names(),
    )


@blueprint.route("/events/new", methods=["GET", "POST"])
def new_event() -> Answer:
    """Create an event."""
    if request.method == "GET":
        return _new(event_form.empty({**USUAL, "event.language": "en"}))
    typed = request.form.get("event.id", "").strip()
    form = event_form.read(request.form, key=typed or key_of(request.form.get("event.name", "")))
    if form.errors:
        form.texts["event.id"] = typed
        if not typed and "event.name" in form.errors:
            form.errors.pop("event.id", None)  # it is made from the name
        return _new(form), 422
    try:
        key = events.create_event(
            services().database, colleague().actor, now(), values=form.stored()
        )
    except RefusedError as error:
        form.errors["event.id"] = told(error)
        return _new(form), 422
    flash(_("The event is created. Next: rooms, companies and students."))
    return redirect(url_for("staff.set_up", key=key))


def _new(form: EventForm) -> str:
    return render_template("staff/new_event.html", form=form, arithmetic=None)


@blueprint.get("/events/<key>")
def event(key: str) -> Response:
    """Go to the step that is next; to the timetable when nothing is left to do."""
    found = steps.progress_of(services().database, access.event(), now())
    return redirect(url_for(ENDPOINTS[found.next_step or "timetable"], key=key))


@blueprint.route("/events/<key>/set-up", methods=["GET", "POST"])
def set_up(key: str) -> Answer:
    """Window, slots, breaks and rules of an event."""
    row = access.event()
    form, status, stale = event_form.of_row(row), 200, None
    revision, was = row.revision, events.settings_digest(row, event_form.STORED)
    if request.method == "POST":
        form, status = event_form.read(request.form, key=key), 422
        if form.errors:
            revision = request.form.get("revision", 0, type=int)
            was = request.form.get("was", "")
        else:
            values = form.stored()
            values.pop("key")
            try:
                events.change_event(
                    services().database,
                    colleague().actor,
                    now(),
                    event_pk=row.id,
                    revision=request.form.get("revision", 0, type=int),
                    values=values,
                    was=request.form.get("was", ""),
                )
            except StaleError as error:
                status, stale = 409, error.theirs
            else:
                flash(_("Saved."))
                return redirect(url_for("staff.set_up", key=key))
    page = event_page(
        "staff/set_up.html",
        step="set_up",
        form=form,
        revision=revision,
        was=was,
        stale=stale,
        arithmetic=_arithmetic(form, row.id),
    )
    return page, status


@blueprint.post("/events/<key>/count")
def count_places(key: str) -> str:
    """What the settings mean while they are being typed; nothing is stored."""
    form = event_form.read(request.form, key=key)
    return render_template(
        "staff/_arithmetic.html", form=form, arithmetic=_arithmetic(form, access.event().id)
    )


def _arithmetic(form: EventForm, event_pk: int) -> events.Arithmetic:
    venue, students = events.venue_of(services().database, event_pk)
    return events.arithmetic(
        form.window(),
        form.values.get("event.start") or 0,
        venue=venue,
        students=students,
        guarantee=form.values.get("rules.guaranteed_meetings_per_student") or 0,
    )
