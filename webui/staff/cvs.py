"""CVs of students: one of them to read, all of them for the companies."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from flask import flash, redirect, send_file, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.files import protect
from scheduler.importers.languages import parse_languages
from webui import access
from webui.access import colleague, now, services
from webui.operations import cv_packs, cvs
from webui.operations.cv_packs import InBrochure
from webui.operations.log import RefusedError
from webui.staff.base import blueprint
from webui.words.refusals import told
from webui.words.students import spoken


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


@blueprint.post("/events/<key>/cvs")
def all_cvs(key: str) -> Response:
    """Download the CVs for companies, however many: they are sent while they are read."""
    database = services().database
    try:
        pack = cv_packs.plan_pack(database, colleague().actor, now(), event_pk=access.event().id)
    except RefusedError as error:
        flash(told(error), "bad")
        return redirect(url_for("staff.prints", key=key), 303)
    number = "" if pack.number is None else f"-v{pack.number}"
    return Response(
        cv_packs.packed(database, pack, listing=_listing(pack.brochure)),
        mimetype="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{key}-cvs{number}.zip"'},
    )


def _listing(lines: Iterable[InBrochure]) -> bytes:
    """List who may be in the brochure, as a spreadsheet of the reader's language opens it."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";" if str(get_locale()) == "da" else ",")
    writer.writerow((_("Name"), _("Programme"), _("Languages"), _("CV")))
    for own in lines:
        languages = spoken(parse_languages(own.languages))
        writer.writerow([protect(text) for text in (own.name, own.programme, languages, own.file)])
    return stream.getvalue().encode("utf-8-sig")
