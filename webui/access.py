"""Who may do what: one table says for every route its audience, roles and object.

A route that is not in the table stops the application from starting. Unknown and foreign objects
give 404, so that nobody learns what exists.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import cast
from zoneinfo import ZoneInfo

from flask import Flask, abort, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from webui.config import Settings
from webui.operations import events, links, sessions
from webui.operations.accounts import Colleague
from webui.operations.links import Visitor
from webui.store import Database, EventRow

STAFF_COOKIE, STUDENT_COOKIE = "cd_staff", "cd_student"

EVERYBODY = frozenset({"administrator", "planner", "desk"})
PLANNERS = frozenset({"administrator", "planner"})
ADMINISTRATORS = frozenset({"administrator"})


class Audience(Enum):
    """Whose pages these are."""

    ANYONE = "anyone"
    STAFF = "staff"
    STUDENT = "student"


@dataclass(frozen=True, slots=True)
class Policy:
    """Who may open a route.

    Parameters
    ----------
    reading, writing
        Roles of staff that may GET it, and that may change something with it.
    """

    audience: Audience
    reading: frozenset[str] = frozenset()
    writing: frozenset[str] = frozenset()


def _staff(reading: frozenset[str] = EVERYBODY, writing: frozenset[str] = PLANNERS) -> Policy:
    return Policy(Audience.STAFF, reading, writing)


ANYONE = Policy(Audience.ANYONE)
STUDENT = Policy(Audience.STUDENT)

POLICIES: dict[str, Policy] = {
    "static": ANYONE,
    "pages.health": ANYONE,
    "pages.font": ANYONE,
    "pages.language": ANYONE,
    # accounts
    "staff.sign_in": ANYONE,
    "staff.join": ANYONE,
    "staff.sign_out": _staff(writing=EVERYBODY),
    "staff.account": _staff(writing=EVERYBODY),
    "staff.second_factor": _staff(writing=EVERYBODY),
    "staff.colleagues": _staff(ADMINISTRATORS, ADMINISTRATORS),
    "staff.change_colleague": _staff(ADMINISTRATORS, ADMINISTRATORS),
    "staff.take_back_invitation": _staff(ADMINISTRATORS, ADMINISTRATORS),
    "staff.back_up": _staff(ADMINISTRATORS, ADMINISTRATORS),
    "staff.restore": _staff(ADMINISTRATORS, ADMINISTRATORS),
    # events; a route with <key> is of one event, which must be theirs
    "staff.home": _staff(),
    "staff.new_event": _staff(PLANNERS),
    "staff.new_from_files": _staff(PLANNERS),
    "staff.event": _staff(),
    "staff.set_up": _staff(),
    "staff.count_places": _staff(PLANNERS),
    "staff.copy_event": _staff(PLANNERS),
    "staff.archive_event": _staff(PLANNERS),
    "staff.delete_event": _staff(ADMINISTRATORS, ADMINISTRATORS),
    # people of an event
    "staff.people_overview": _staff(),
    "staff.people_list": _staff(),
    "staff.new_row": _staff(PLANNERS),
    "staff.edit_row": _staff(PLANNERS),
    "staff.delete_row": _staff(PLANNERS),
    "staff.deleted_rows": _staff(PLANNERS),
    "staff.restore_row": _staff(PLANNERS),
    "staff.erase_row": _staff(PLANNERS),
    "staff.import_files": _staff(PLANNERS),
    "staff.import_preview": _staff(PLANNERS),
    "staff.drop_upload": _staff(PLANNERS),
    "staff.import_template": _staff(),
    "staff.export": _staff(PLANNERS),
    "staff.student_cv": _staff(PLANNERS),
    # collecting answers
    "staff.collect": _staff(),
    "staff.collect_window": _staff(PLANNERS),
    "staff.collect_post": _staff(),
    "staff.write_mail": _staff(PLANNERS),
    "staff.change_links": _staff(PLANNERS),
    "staff.try_mail_again": _staff(PLANNERS),
    # solving
    "staff.solve": _staff(),
    "staff.solve_live": _staff(),
    "staff.cancel_job": _staff(PLANNERS),
    "staff.compare": _staff(),
    "staff.below": _staff(),
    "staff.use_result": _staff(PLANNERS),
    "staff.drop_result": _staff(PLANNERS),
    "staff.what_if": _staff(),
    "staff.what_if_live": _staff(),
    "staff.use_variation": _staff(PLANNERS),
    "staff.forecast": _staff(),
    # the timetable
    "staff.timetable": _staff(),
    "staff.timetable_list": _staff(),
    "staff.verdicts_of_meeting": _staff(),
    "staff.change_timetable": _staff(PLANNERS),
    "staff.ask_price": _staff(PLANNERS),
    "staff.price": _staff(),
    "staff.pay_price": _staff(PLANNERS),
    "staff.solve_rest": _staff(PLANNERS),
    # publishing
    "staff.publish": _staff(),
    "staff.changes": _staff(),
    "staff.withdraw": _staff(PLANNERS),
    "staff.work_on": _staff(PLANNERS),
    "staff.keep_timetable": _staff(PLANNERS),
    "staff.fit_in": _staff(PLANNERS),
    "staff.fit_in_live": _staff(),
    "staff.cancel_fit_in": _staff(PLANNERS),
    "staff.proposal": _staff(),
    # printing: also the desk
    "staff.prints": _staff(writing=EVERYBODY),
    "staff.prints_live": _staff(),
    "staff.print_whom": _staff(),
    "staff.cancel_print": _staff(writing=EVERYBODY),
    "staff.print_file": _staff(),
    "staff.all_cvs": _staff(PLANNERS),
    # students
    "students.enter": ANYONE,
    "students.lost_link": ANYONE,
    "students.start": STUDENT,
    "students.companies": STUDENT,
    "students.wishes": STUDENT,
    "students.change_wish": STUDENT,
    "students.submit": STUDENT,
    "students.about": STUDENT,
    "students.cv": STUDENT,
    "students.cv_file": STUDENT,
    "students.remove_cv": STUDENT,
    "students.data": STUDENT,
    "students.data_file": STUDENT,
    "students.schedule": STUDENT,
    "students.schedule_now": STUDENT,
    "students.calendar": STUDENT,
    "students.schedule_pdf": STUDENT,
}

LIMITS: dict[str, str] = {
    "staff.sign_in": "20/minute",
    "staff.join": "20/minute",
    "staff.back_up": "10/minute",
    "staff.restore": "10/minute",
    "staff.export": "20/minute",
    "staff.all_cvs": "20/minute",
    "staff.import_files": "30/minute",
    "staff.new_from_files": "30/minute",
    "staff.write_mail": "30/minute",
    "staff.change_links": "20/minute",
    "staff.prints": "20/minute",
    "staff.solve": "30/minute",
    "staff.what_if": "30/minute",
    "students.lost_link": "600/minute",  # a whole campus has one address; mails are limited apart
}
"""How often one address may POST; students are limited per link, never per address."""

LINK_LIMITS: dict[str, str] = {
    "students.wishes": "120/minute",
    "students.change_wish": "120/minute",
    "students.submit": "30/minute",
    "students.about": "60/minute",
    "students.cv": "20/minute",
    "students.data_file": "20/minute",
    "students.calendar": "60/minute",
    "students.schedule_pdf": "10/minute",
}
"""How often one personal link may send these, or download them, whatever its address."""


@dataclass(frozen=True, slots=True)
class Services:
    """What every request works with."""

    database: Database
    settings: Settings
    clock: Callable[[], dt.datetime]


def services() -> Services:
    """The running application's services."""
    return cast(Services, current_app.extensions["company_dating"])


def now() -> dt.datetime:
    """The moment of this request, the same from its beginning to its end."""
    if "now" not in g:
        g.now = services().clock()
    return cast(dt.datetime, g.now)


def colleague() -> Colleague:
    """Who is signed in; only on staff's routes."""
    return cast(Colleague, g.colleague)


def event() -> EventRow:
    """The event of this route; only on routes with ``<key>``."""
    return cast(EventRow, g.event)


def may_change() -> bool:
    """Whether who is signed in may change what this page shows; templates hide the rest."""
    is_planner = "colleague" in g and colleague().role in PLANNERS
    return is_planner and not ("event" in g and event().archived_at is not None)


def is_for_changing() -> bool:
    """Whether this page is only there to change something."""
    return POLICIES[request.endpoint or ""].reading == PLANNERS


def zone() -> ZoneInfo:
    """The time zone of this route's event."""
    return ZoneInfo(event().timezone)


def visitor() -> Visitor:
    """The student of this route; only on students' routes."""
    return cast(Visitor, g.visitor)


def cookie_name(name: str) -> str:
    """Name of a cookie; over TLS browsers tie it to this host alone (RFC 6265bis)."""
    return f"__Host-{name}" if services().settings.is_tls else name


def set_cookie(response: Response, name: str, token: str, *, lasts: dt.timedelta) -> None:
    """Give the browser a session's token."""
    response.set_cookie(
        cookie_name(name),
        token,
        max_age=int(lasts.total_seconds()),
        secure=services().settings.is_tls,
        httponly=True,
        samesite="Lax",
    )


def guard() -> Response | None:
    """Let the request in, or not; runs before every one."""
    if request.endpoint is None:
        return None
    policy = POLICIES[request.endpoint]
    if policy.audience is Audience.STAFF:
        return _guard_staff(policy)
    if policy.audience is Audience.STUDENT:
        _guard_student()
    return None


def signed_in() -> Colleague | None:
    """Who of the staff this browser is signed in as; for pages that are anybody's."""
    token = request.cookies.get(cookie_name(STAFF_COOKIE), "")
    return sessions.session_staff(services().database, now(), token) if token else None


def _guard_staff(policy: Policy) -> Response | None:
    found = signed_in()
    if found is None:
        if request.method == "GET" and "HX-Request" not in request.headers:
            return redirect(url_for("staff.sign_in", then=request.full_path.removesuffix("?")))
        abort(401)
    g.colleague = found
    key = (request.view_args or {}).get("key")
    if key is not None:
        row = events.event_of(services().database, found, key)
        if row is None:
            abort(404)
        g.event = row
    roles = policy.reading if request.method == "GET" else policy.writing
    if found.role not in roles:
        abort(403)
    return None


def _guard_student() -> None:
    token = request.cookies.get(cookie_name(STUDENT_COOKIE), "")
    found = links.visitor_of(services().database, now(), token) if token else None
    if found is None:
        abort(401)
    g.visitor = found


def link_key() -> str:
    """What a student's requests are counted by."""
    return f"link-{visitor().link_id}"


def is_students_page() -> bool:
    """Whether this request is for a page that a student opens."""
    own = POLICIES.get(request.endpoint or "")
    return request.endpoint == "students.enter" or (own is not None and own == STUDENT)


def check_routes(app: Flask) -> None:
    """Refuse to start with a route that no policy names.

    Raises
    ------
    LookupError
        Names the routes, or the policies whose route does not exist.
    """
    routes = {rule.endpoint for rule in app.url_map.iter_rules()}
    without = sorted(routes - POLICIES.keys())
    if without:
        raise LookupError(f"no policy in webui/access.py for {', '.join(without)}")
    stray = sorted(POLICIES.keys() - routes)
    if stray:
        raise LookupError(f"policies in webui/access.py without a route: {', '.join(stray)}")
