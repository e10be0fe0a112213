"""A new event from an earlier one; events put away, or deleted."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webui import access
from webui.access import colleague, now, services
from webui.operations import copying, event_deleting
from webui.operations.log import RefusedError
from webui.operations.naming import key_of
from webui.staff.base import blueprint, event_page
from webui.words.refusals import told

Answer = str | Response | tuple[str, int]


@blueprint.route("/events/<key>/copy", methods=["GET", "POST"])
def copy_event(key: str) -> Answer:
    """Choose what of an event a new one begins with."""
    row = access.event()
    form: dict[str, Any] = {
        "name": row.name,
        "date": "",
        "key": "",
        "parts": ["rooms", "companies"],
    }
    if request.method == "GET":
        return _page(form, {})
    form = {own: request.form.get(own, "").strip() for own in ("name", "date", "key")}
    parts = request.form.getlist("parts")
    try:
        date = dt.date.fromisoformat(form["date"])
    except ValueError:
        return _page(form | {"parts": parts}, {"date": _("Choose the day of the new event.")}), 422
    try:
        new = copying.copy_event(
            services().database,
            colleague().actor,
            now(),
            event_pk=row.id,
            key=form["key"] or key_of(form["name"]),
            name=form["name"],
            date=date,
            parts=parts,
        )
    except RefusedError as refusal:
        return _page(form | {"parts": parts}, {refusal.field: told(refusal)}), 422
    flash(_("The event is copied. Look over its settings first."))
    return redirect(url_for("staff.set_up", key=new), 303)


def _page(form: dict[str, Any], errors: dict[str, str]) -> str:
    row = access.event()
    return render_template(
        "staff/copy_event.html",
        event=row,
        form=form,
        errors=errors,
        counts=copying.copied_counts(services().database, row.id),
    )


@blueprint.post("/events/<key>/archive")
def archive_event(key: str) -> Response:
    """Put an event away, or bring it back."""
    is_archived = request.form.get("archived") == "1"
    copying.archive(
        services().database,
        colleague().actor,
        now(),
        event_pk=access.event().id,
        is_archived=is_archived,
    )
    if not is_archived:
        flash(_("Brought back."))
        return redirect(url_for("staff.event", key=key), 303)
    flash(_("Archived; it is at the end of the list."))
    return redirect(url_for("staff.home"), 303)


@blueprint.route("/events/<key>/delete", methods=["GET", "POST"])
def delete_event(key: str) -> Answer:
    """Say what goes with an event that was never published, and delete it."""
    row, error = access.event(), ""
    if request.method == "POST":
        try:
            event_deleting.delete_event(
                services().database,
                colleague().actor,
                now(),
                event_pk=row.id,
                typed=request.form.get("typed", ""),
            )
        except RefusedError as refusal:
            error = told(refusal)
        else:
            flash(_("%(name)s is deleted.", name=row.name))
            return redirect(url_for("staff.home"), 303)
    page = event_page(
        "staff/event_delete.html",
        step="set_up",
        goes=event_deleting.what_goes(services().database, row.id),
        error=error,
    )
    return (page, 422) if error else page
