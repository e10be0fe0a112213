"""Rows that were deleted: a list of them, brought back or erased."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from webui import access
from webui.access import colleague, now, services
from webui.operations import removing
from webui.operations.log import RefusedError
from webui.staff.base import blueprint, event_page
from webui.words.refusals import told


@blueprint.get("/events/<key>/people/deleted")
def deleted_rows(key: str) -> str:
    """What was deleted and can be brought back."""
    found = removing.removed_of(services().database, access.event().id)
    return event_page("staff/people_deleted.html", step="people", removed=found)


@blueprint.post("/events/<key>/people/deleted/<int:removed_id>/restore")
def restore_row(key: str, removed_id: int) -> Response:
    """Bring a deleted row back, with what went with it."""
    try:
        found = removing.bring_back(
            services().database,
            colleague().actor,
            now(),
            event_pk=access.event().id,
            removed_id=removed_id,
        )
    except RefusedError as refusal:
        flash(told(refusal), "bad")
        return redirect(url_for("staff.deleted_rows", key=key), 303)
    flash(_("%(title)s is back.", title=found.title))
    if found.meetings_left:
        left = ngettext(
            "%(num)d meeting did not come back: its timetable was changed meanwhile.",
            "%(num)d meetings did not come back: their timetables were changed meanwhile.",
            found.meetings_left,
        )
        flash(left, "bad")
    return redirect(url_for("staff.people_list", key=key, name=found.list_name), 303)


@blueprint.post("/events/<key>/people/deleted/<int:removed_id>/erase")
def erase_row(key: str, removed_id: int) -> Response:
    """Forget a deleted row for good."""
    removing.erase(
        services().database,
        colleague().actor,
        now(),
        event_pk=access.event().id,
        removed_id=removed_id,
    )
    flash(_("Erased for good."))
    return redirect(url_for("staff.deleted_rows", key=key), 303)
