"""CV and consent, and everything that is stored on a student."""

from __future__ import annotations

import datetime as dt
import json
from contextlib import closing
from typing import Any

from flask import flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.importers.cells import parse_positions
from scheduler.importers.languages import parse_languages
from webui.access import now, services, visitor
from webui.operations import consents, own_data
from webui.operations.consents import PURPOSES
from webui.operations.log import RefusedError
from webui.students.base import Answer, blueprint, kept_until, student_page, visit
from webui.words.refusals import told
from webui.words.students import offered, spoken


def attachment(content: bytes, *, name: str, kind: str) -> Response:
    """Make a download of bytes; nothing of it is shown in the browser."""
    answer = make_response(content)
    answer.headers["Content-Type"] = kind
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@blueprint.route("/me/cv", methods=["GET", "POST"])
def cv() -> Answer:
    """The CV, and what it and the name may be used for."""
    error, status = "", 200
    if request.method == "POST":
        purposes = [own for own in PURPOSES if own in request.form.getlist("purpose")]
        content = _sent_cv()
        try:
            is_deleted = consents.save_consents(
                services().database,
                visitor().actor,
                now(),
                student_pk=visitor().student_pk,
                purposes=purposes,
                cv=content,
            )
        except RefusedError as refusal:
            error, status = told(refusal), 422
        else:
            flash(_("Saved. Your CV is deleted.") if is_deleted else _("Saved."))
            return redirect(url_for("students.cv"), 303)
    with services().database.reading() as session:
        agreed = consents.agreed_by(session, visitor().student_pk)
    return student_page("students/cv.html", tab="about", agreed=agreed, error=error), status


def _sent_cv() -> bytes:
    file = request.files.get("cv")
    if file is None:
        return b""
    with closing(file):
        return bytes(file.read(consents.LARGEST_CV + 1))


@blueprint.get("/me/cv/file")
def cv_file() -> Response:
    """Give the stored CV back."""
    content = consents.cv_of(services().database, visitor().student_pk)
    return attachment(content, name="cv.pdf", kind="application/pdf")


@blueprint.post("/me/cv/remove")
def remove_cv() -> Response:
    """Delete the stored CV."""
    consents.remove_cv(services().database, visitor().actor, now(), student_pk=visitor().student_pk)
    flash(_("Your CV is deleted."))
    return redirect(url_for("students.cv"), 303)


@blueprint.get("/me/data")
def data() -> str:
    """Show what is stored, for what, how long and who sees it."""
    at = visit()
    return student_page(
        "students/data.html",
        tab="data",
        at=at,
        spoken_by_me=spoken(parse_languages(at.student.languages)),
        sought=offered(parse_positions(at.student.positions)),
        stored=own_data.stored_on(services().database, visitor().student_pk),
        kept_until=kept_until(at),
    )


@blueprint.post("/me/data.json")
def data_file() -> Response:
    """Everything that is stored, to keep; a POST, because the audit log notes it."""
    values = own_data.take_out(
        services().database, visitor().actor, now(), student_pk=visitor().student_pk
    )
    text = json.dumps(values, ensure_ascii=False, indent=2, default=_plain)
    return attachment(text.encode(), name="my-data.json", kind="application/json")


def _plain(value: Any) -> str:
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")
