"""The blueprint of students' pages, the way in by the personal link, and what is on each page."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webui import access
from webui.access import STUDENT_COOKIE, now, services, visitor
from webui.operations import links, lost_links, own_data, visits
from webui.operations.visits import Visit

blueprint = Blueprint("students", __name__)

Answer = str | Response | tuple[str, int]

OWN_PAGES = ("students/data.html", "students/cv.html")
"""Templates that a student sees after everything is over too."""


def visit() -> Visit:
    """Who is on this page, and how far."""
    return visits.visit_of(services().database, now(), visitor().student_pk)


def student_page(template: str, *, tab: str, at: Visit | None = None, **values: Any) -> str:
    """Render a page of a student below the tabs.

    Parameters
    ----------
    tab
        Endpoint of the tab this page belongs to.
    """
    at = at or visit()
    if at.event.archived_at is not None and not template.startswith(OWN_PAGES):
        return render_template("students/over.html", visit=at, tab="", kept_until=kept_until(at))
    return render_template(template, visit=at, tab=f"students.{tab}", has_mail=has_mail(), **values)


def has_mail() -> bool:
    """Whether mails can be promised."""
    return services().settings.smtp is not None


@blueprint.get("/s/<token>")
def enter(token: str) -> Response:
    """Swap the link's token for a cookie, and go to a page whose address does not hold it."""
    cookie = links.open_link(services().database, now(), token)
    answer = redirect(url_for("students.start"), 303)
    access.set_cookie(answer, STUDENT_COOKIE, cookie, lasts=links.SESSION_LASTS)
    return answer


@blueprint.get("/me")
def start() -> Answer:
    """Who I am, what this is, until when, and what is kept; the schedule once there is one."""
    at = visit()
    if at.is_published:
        return redirect(url_for("students.schedule"))
    return student_page("students/start.html", tab="start", at=at, kept_until=kept_until(at))


def kept_until(at: Visit) -> dt.date:
    """When everything personal is deleted."""
    return own_data.delete_on(at.event.date, at.event.retention_days)


@blueprint.route("/lost-link", methods=["GET", "POST"])
def lost_link() -> Answer:
    """Send a new personal link; the answer does not tell whether the address is known."""
    address = request.form.get("email", "").strip()
    if request.method == "GET":
        return _lost_link_page()
    if "@" not in address.strip("@") or any(char.isspace() for char in address):
        return _lost_link_page(address, error=_("This is not an e-mail address.")), 422
    lost_links.ask_for_link(
        services().database,
        now(),
        address=address,
        subject=_("Your link to {event}"),
        text=_(
            "Hello\n\nYou asked for a new personal link to {event}. Here it is; earlier links do "
            "not work any more.\n\n{link}\n\nDo not forward it: whoever has it can "
            "change your wishes.\nIf you did not ask for it, just use this link from now on.\n"
        ),
        has_mail=services().settings.smtp is not None,
    )
    return _lost_link_page(address, is_asked=True)


def _lost_link_page(address: str = "", *, error: str = "", is_asked: bool = False) -> str:
    return render_template(
        "students/lost_link.html",
        is_asked=is_asked,
        address=address,
        error=error,
        has_mail=services().settings.smtp is not None,
    )
