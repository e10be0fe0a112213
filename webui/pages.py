"""Pages that belong to nobody: errors, the choice of language, the sign of life."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus
from importlib.resources import files
from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, send_from_directory, url_for
from flask_babel import gettext as _
from sqlalchemy import text as sql
from werkzeug.wrappers import Response

from webui.access import is_students_page, now, services, signed_in
from webui.operations import accounts

blueprint = Blueprint("pages", __name__)

FONTS = str(files("scheduler.documents") / "fonts")
SAME_FOR_ALL = ("static", "pages.font")
"""What everybody gets alike, and browsers keep."""
LANGUAGE_LASTS = dt.timedelta(days=365)


@blueprint.get("/health")
def health() -> tuple[dict[str, str], int]:
    """Say whether the database answers."""
    with services().database.reading() as session:
        session.execute(sql("select 1"))
    return {"status": "ok"}, 200


@blueprint.get("/fonts/<font>.ttf")
def font(font: str) -> Response:
    """Send a font of the printed pages, for names that the reader's own fonts lack."""
    return send_from_directory(FONTS, f"{font}.ttf", mimetype="font/ttf")


@blueprint.post("/language")
def language() -> Response:
    """Remember the language that was chosen, in the account too when signed in; go back."""
    chosen = "da" if request.form.get("language") == "da" else "en"
    who = signed_in()
    if who is not None:
        accounts.change_language(services().database, who.actor, now(), language=chosen)
    answer = redirect(own_address(request.form.get("then", "/")))
    remember_language(answer, chosen)
    return answer


def remember_language(answer: Response, chosen: str) -> None:
    """Have this browser remember a language; it comes before the account's."""
    answer.set_cookie(
        "language",
        chosen,
        max_age=int(LANGUAGE_LASTS.total_seconds()),
        secure=services().settings.is_tls,
        httponly=True,
        samesite="Lax",
    )


def own_address(address: str) -> str:
    """An address of ours as it is; the front page instead of anybody else's."""
    parts = urlsplit(address)
    is_own = not parts.scheme and not parts.netloc and address.startswith("/")
    return address if is_own and not address.startswith(("//", "/\\")) else "/"


def error_page(code: int, *, title: str, text: str) -> str:
    """Render what went wrong, what to do, and the way back."""
    back = url_for("students.start") if is_students_page() else "/"
    label = _("To my page") if is_students_page() else _("To the front page")
    if request.endpoint == "students.cv":
        back, label = url_for("students.cv"), _("Back to CV and consent")
        if code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:  # the request's own limit is higher
            text = _(
                "A CV may be at most 5 MB. Nothing was changed: save it smaller, then choose it."
            )
    return render_template("error.html", code=code, title=title, text=text, back=back, label=label)


def link_ended() -> str:
    """Tell a student that a personal link does not open anything, and how to get a new one."""
    return render_template("students/ended.html")


def words_of_error(code: int) -> tuple[str, str]:
    """Title and advice for a status."""
    words = {
        400: (_("This could not be understood"), _("Go back and try again.")),
        401: (
            _("You are not signed in"),
            _("Open your personal link again, or sign in. What you typed is still on the page."),
        ),
        403: (_("This is not for your role"), _("Ask an administrator of Company Dating.")),
        404: (_("There is nothing here"), _("The address is wrong, or it was removed.")),
        405: (_("This cannot be done here"), _("Go back and use the page's buttons.")),
        409: (_("Somebody changed this meanwhile"), _("Load the page again and compare.")),
        413: (_("This file is too large"), _("Send at most 10 MB.")),
        429: (_("Too many tries"), _("Wait a minute, then try again.")),
        507: (_("The disk is full"), _("Nothing was changed. Tell whoever runs this server.")),
    }
    fault = (
        _("A fault of ours"),
        _("Nothing was changed. Try again; if it happens again, tell us."),
    )
    return words.get(code, fault)
