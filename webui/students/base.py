"""The blueprint of students' pages, and the way in by the personal link."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from webui import access
from webui.access import STUDENT_COOKIE, now, services
from webui.operations import links

blueprint = Blueprint("students", __name__)


@blueprint.get("/s/<token>")
def enter(token: str) -> Response:
    """Swap the link's token for a cookie, and go to a page whose address does not hold it."""
    cookie = links.open_link(services().database, now(), token)
    answer = redirect(url_for("students.start"), 303)
    access.set_cookie(answer, STUDENT_COOKIE, cookie, lasts=links.SESSION_LASTS)
    return answer


@blueprint.get("/me")
def start() -> str:
    """Who I am, what this is, until when."""
    return ""
