"""The step Print: choose what, for whom, on which paper; watch it; download it."""

from __future__ import annotations

import io
from typing import Any

from flask import redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from scheduler.documents import DEFAULT_STOCK, KINDS, STOCKS
from webui import access
from webui.access import colleague, now, services
from webui.operations import cv_packs, printing, queue, versions
from webui.operations.log import NotFoundError, RefusedError
from webui.staff.base import blueprint, event_page
from webui.words.refusals import told
from webui.words.translated import _

Answer = str | Response | tuple[str, int]


@blueprint.route("/events/<key>/print", methods=["GET", "POST"])
def prints(key: str) -> Answer:
    """Choose what to print; what was printed."""
    form = request.form
    if request.method == "GET":
        return _page()
    try:
        printing.start_print(
            services().database,
            colleague().actor,
            now(),
            event_id=access.event().id,
            number=form.get("version", 0, type=int),
            parts=form.getlist("parts"),
            is_changes_only=form.get("scope") == "changes",
            language=form.get("language", ""),
            stock=form.get("stock", ""),
            offset_mm=(_millimetres(form.get("right", "")), _millimetres(form.get("up", ""))),
            has_crop_marks="crop_marks" in form,
        )
    except RefusedError as error:
        return _page(error=told(error), field=error.field), 422
    except NotFoundError:
        return _page(error=_("There is no such version.")), 422
    return redirect(url_for("staff.prints", key=key, _anchor="prints"), 303)


def _millimetres(text: str) -> float:
    try:
        return float(text.strip().replace(",", ".") or 0)
    except ValueError:
        raise RefusedError("A number of millimetres, such as 1.5.", field="offset") from None


def _page(*, error: str = "", field: str = "") -> str:
    row, database = access.event(), services().database
    form = request.form
    posted = request.method == "POST"
    chosen = {
        "parts": form.getlist("parts") if posted else list(KINDS),
        "scope": form.get("scope", "all"),
        "language": form.get("language", row.language),
        "stock": form.get("stock", DEFAULT_STOCK),
        "right": form.get("right", "0"),
        "up": form.get("up", "0"),
        "crop_marks": "crop_marks" in form,
    }
    return event_page(
        "staff/print.html",
        step="print",
        number=versions.published_number(database, row.id),
        kinds=KINDS,
        stocks=STOCKS.values(),
        last=printing.last_prints(database, row.id),
        cvs=cv_packs.counts_of(database, row.id),
        chosen=chosen,
        error=error,
        field=field,
        **_prints_shown(),
    )


def _prints_shown() -> dict[str, Any]:
    found = printing.prints_of(services().database, access.event().id)
    return {
        "prints": found,
        "is_active": any(own.job.state in queue.ACTIVE for own in found),
    }


@blueprint.get("/events/<key>/print/live")
def prints_live(key: str) -> Response:
    """What was printed, for the page that polls; ``printed`` tells it that nothing is under way."""
    row = access.event()
    shown = _prints_shown()
    page = render_template(
        "staff/_prints_live.html",
        event=row,
        kinds=KINDS,
        last=printing.last_prints(services().database, row.id),
        **shown,
    )
    return Response(page, headers={} if shown["is_active"] else {"HX-Trigger": "printed"})


@blueprint.get("/events/<key>/print/whom")
def print_whom(key: str) -> str:
    """For whom something changed between the last print and a version."""
    number = request.args.get("version", 0, type=int)
    try:
        found = printing.concerned(services().database, access.event().id, number)
    except RefusedError as error:
        return render_template("staff/_print_whom.html", found=None, error=told(error))
    return render_template("staff/_print_whom.html", found=found, error="")


@blueprint.post("/events/<key>/print/<int:job_id>/cancel")
def cancel_print(key: str, job_id: int) -> Response:
    """End a print."""
    queue.cancel(
        services().database,
        colleague().actor,
        now(),
        event_id=access.event().id,
        job_id=job_id,
        kinds=("print",),
    )
    return redirect(url_for("staff.prints", key=key, _anchor="prints"), 303)


@blueprint.get("/events/<key>/print/files/<int:file_id>")
def print_file(key: str, file_id: int) -> Response:
    """Download what a print made."""
    file = printing.file_of(services().database, access.event().id, file_id)
    return send_file(
        io.BytesIO(file.content),
        mimetype=file.content_type,
        as_attachment=True,
        download_name=file.name,
    )
