"""Signing in and out, joining by invitation, the second factor."""

from __future__ import annotations

import pyotp
import segno
from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from webui import access
from webui.access import STAFF_COOKIE, colleague, now, services
from webui.operations import accounts, sessions
from webui.operations.log import RefusedError
from webui.operations.passwords import SHORTEST_PASSWORD
from webui.pages import own_address, remember_language
from webui.staff.base import blueprint
from webui.words.refusals import told

Answer = str | Response | tuple[str, int]


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Answer:
    """Sign in with e-mail address, password and, where set, the code."""
    then = own_address(request.values.get("then", "/"))
    if request.method == "GET":
        first = not accounts.has_staff(services().database)
        return render_template("staff/sign_in.html", then=then, error="", is_first_run=first)
    try:
        token, _who = sessions.sign_in(
            services().database,
            now(),
            email=request.form.get("email", ""),
            password=request.form.get("password", ""),
            code=request.form.get("code", ""),
        )
    except RefusedError as error:
        return render_template(
            "staff/sign_in.html", then=then, error=told(error), is_first_run=False
        ), 422
    return _begin(token, then)


def _begin(token: str, then: str) -> Response:
    """Go on signed in; nothing that this browser had before comes along."""
    session.clear()
    answer = redirect(then)
    access.set_cookie(answer, STAFF_COOKIE, token, lasts=sessions.ABSOLUTE_LIMIT)
    return answer


@blueprint.post("/sign-out")
def sign_out() -> Answer:
    """End this session, or every one."""
    everywhere = "everywhere" in request.form
    token = request.cookies.get(access.cookie_name(STAFF_COOKIE), "")
    sessions.sign_out(
        services().database, colleague().actor, now(), token=None if everywhere else token
    )
    session.clear()
    answer = redirect(url_for("staff.sign_in"))
    answer.delete_cookie(access.cookie_name(STAFF_COOKIE), secure=services().settings.is_tls)
    return answer


@blueprint.route("/join/<token>", methods=["GET", "POST"])
def join(token: str) -> Answer:
    """Make one's account from an invitation, or as the first administrator, and be signed in."""
    invitation = accounts.open_invitation(services().database, now(), token)
    form = request.form
    error, field = "", ""
    if request.method == "POST":
        try:
            who = accounts.accept_invitation(
                services().database,
                now(),
                token=token,
                name=form.get("name", ""),
                email=form.get("email", ""),
                password=form.get("password", ""),
                language=form.get("language", "en") if form.get("language") == "da" else "en",
            )
        except RefusedError as refusal:
            error, field = told(refusal), refusal.field
        else:
            own, _who = sessions.sign_in(
                services().database, now(), email=who.email, password=form.get("password", "")
            )
            return _begin(own, url_for("staff.home"))
    page = render_template(
        "staff/join.html",
        invitation=invitation,
        name=form.get("name", ""),
        email=form.get("email", ""),
        error=error,
        field=field,
        least=SHORTEST_PASSWORD,
    )
    return (page, 422) if error else page


@blueprint.route("/account", methods=["GET", "POST"])
def account() -> Answer:
    """One's own account: name, language, password."""
    error, field = "", ""
    if request.method == "POST":
        try:
            accounts.change_account(
                services().database,
                colleague().actor,
                now(),
                name=request.form.get("name", ""),
                language=request.form.get("language", ""),
                old_password=request.form.get("old_password", ""),
                new_password=request.form.get("password", ""),
            )
        except RefusedError as refusal:
            error, field = told(refusal), refusal.field
        else:
            flash(_("Saved."))
            answer = redirect(url_for("staff.account"))
            remember_language(answer, "da" if request.form.get("language") == "da" else "en")
            return answer
    page = render_template("staff/account.html", error=error, field=field)
    return (page, 422) if error else page


@blueprint.route("/account/second-factor", methods=["GET", "POST"])
def second_factor() -> Answer:
    """Set the second factor up, or take it away again."""
    who = colleague()
    error = ""
    if request.method == "POST":
        secret = None if "remove" in request.form else session.get("totp_secret", "")
        try:
            sessions.set_second_factor(
                services().database,
                who.actor,
                now(),
                secret=secret,
                code=request.form.get("code", ""),
                password=request.form.get("password", ""),
            )
        except RefusedError as refusal:
            error = told(refusal)
        else:
            session.pop("totp_secret", None)
            flash(_("The second factor is removed.") if secret is None else _("It is set up."))
            return redirect(url_for("staff.account"))
    secret = session.setdefault("totp_secret", pyotp.random_base32())
    address = pyotp.TOTP(secret).provisioning_uri(name=who.email, issuer_name="Company Dating")
    picture = Markup(segno.make(address, micro=False).svg_inline(scale=4))  # noqa: S704  # digits
    page = render_template("staff/second_factor.html", secret=secret, picture=picture, error=error)
    return (page, 422) if error else page
