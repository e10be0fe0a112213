"""CVs of students: one of them to read, all of them for the companies."""

from __future__ import annotations

import io

from flask import flash, redirect, send_file, url_for
from werkzeug.wrappers import Response

from webui import access
from webui.access import colleague, now, services
from webui.operations import cvs
from webui.operations.log import RefusedError
from webui.staff.base import blueprint
from webui.words.refusals import told


@blueprint.post("/events/<key>/people/students/<int:row_id>/cv")
def student_cv(key: str, row_id: int) -> Response:
    """Download a student's CV; a POST, because the audit log notes it."""
    try:
        name, content = cvs.cv_for_staff(
            services().database,
            colleague().actor,
            now(),
            event_pk=access.event().id,
            student_pk=row_id,
        )
    except RefusedError as error:
        flash(told(error), "bad")
        return redirect(url_for("staff.edit_row", key=key, name="students", row_id=row_id), 303)
    return send_file(
        io.BytesIO(content), mimetype="application/pdf", as_attachment=True, download_name=name
    )
