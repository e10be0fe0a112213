"""Backup and restore for administrators."""

from __future__ import annotations

import tempfile

from flask import flash, redirect, render_template, request, send_file, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webui import access
from webui.access import colleague, now, services
from webui.operations import backup
from webui.operations.log import RefusedError, marked
from webui.staff.base import blueprint
from webui.words.refusals import told

Answer = str | Response | tuple[str, int]

TYPED = marked("replace everything")
"""What has to be typed before everything is replaced."""
UNPACKED_LIMIT = 100 * 1024 * 1024
IN_MEMORY = 4 * 1024 * 1024
"""Bytes of a backup before it goes to a temporary file."""


@blueprint.route("/backup", methods=["GET", "POST"])
def back_up() -> Answer:
    """Say what there is; make a file of everything."""
    if request.method == "GET":
        return _page()
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # with the response
    try:
        backup.back_up_into(services().database, colleague().actor, now(), file=file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return send_file(
        file,
        mimetype="application/zip",
        as_attachment=True,
        download_name=f"company-dating-{now():%Y-%m-%d-%H%M}.zip",
    )


@blueprint.post("/restore")
def restore() -> Answer:
    """Put an uploaded backup in the place of everything."""
    sent = request.files.get("file")
    try:
        if sent is None or not sent.filename:
            raise RefusedError("Choose a file.", field="file")
        if request.form.get("typed", "").strip().casefold() != _(TYPED):
            raise RefusedError("Type: %(words)s", field="typed", words=_(TYPED))
        backup.restore(
            services().database,
            colleague().actor,
            now(),
            file=sent.stream,
            is_forced=True,
            most_bytes=UNPACKED_LIMIT,
        )
    except RefusedError as error:
        return _page(error), 422
    session.clear()
    flash(_("The backup is restored. Sign in with an account that was in it."))
    answer = redirect(url_for("staff.sign_in"), 303)
    answer.delete_cookie(access.cookie_name(access.STAFF_COOKIE), secure=services().settings.is_tls)
    return answer


def _page(error: RefusedError | None = None) -> str:
    return render_template(
        "staff/backup.html",
        held=backup.held(services().database),
        typed=_(TYPED),
        given=request.form.get("typed", ""),
        error="" if error is None else told(error),
        field="" if error is None else error.field,
    )
