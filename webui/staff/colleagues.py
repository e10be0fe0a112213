"""Colleagues: their roles and events, invitations."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webui.access import colleague, now, services
from webui.operations import accounts, colleagues, mailing
from webui.operations.accounts import Given
from webui.operations.log import RefusedError
from webui.staff.base import blueprint
from webui.words.refusals import told

Answer = str | Response | tuple[str, int]


@blueprint.route("/colleagues", methods=["GET", "POST"], endpoint="colleagues")
def list_colleagues() -> Answer:
    """Who works here; invite somebody."""
    error, field, link = "", "", ""
    if request.method == "POST":
        email = request.form.get("email", "")
        try:
            token = accounts.invite(
                services().database,
                colleague().actor,
                now(),
                email=email,
                role=request.form.get("role", ""),
                given=_given(),
            )
        except RefusedError as refusal:
            error, field = told(refusal), refusal.field
        else:
            link = services().settings.base_url + url_for("staff.join", token=token)
            if services().settings.smtp is not None:
                _send_invitation(email.strip(), link)
    database = services().database
    page = render_template(
        "staff/colleagues.html",
        colleagues=colleagues.list_colleagues(database),
        invitations=colleagues.list_invitations(database, now()),
        events=colleagues.list_choices(database),
        keys_given=colleagues.keys_given(database),
        error=error,
        field=field,
        link=link,
    )
    return (page, 422) if error else page


def _given() -> Given:
    """Events that a form gives; who sees every one is said in so many words."""
    keys = frozenset(request.form.getlist("events"))
    return accounts.EVERY_EVENT if request.form.get("sees") == "all" else Given(False, keys)


def _send_invitation(email: str, link: str) -> None:
    try:
        mailing.send_invitation(services().settings, to=email, link=link)
    except RefusedError:
        flash(_("The mail could not be sent; give the link to your colleague yourself."))
    else:
        flash(_("The link was also sent by mail."))


@blueprint.post("/colleagues/<int:staff_id>")
def change_colleague(staff_id: int) -> Answer:
    """Change a colleague's role and events, or close and open the account."""
    try:
        colleagues.change_colleague(
            services().database,
            colleague().actor,
            now(),
            staff_id=staff_id,
            role=request.form.get("role", ""),
            is_disabled="disabled" in request.form,
            given=_given(),
        )
    except RefusedError as refusal:
        flash(told(refusal))
    else:
        flash(_("Saved."))
    return redirect(url_for("staff.colleagues"))


@blueprint.post("/colleagues/invitations/<int:invitation_id>/take-back")
def take_back_invitation(invitation_id: int) -> Answer:
    """Take an open invitation back."""
    colleagues.take_back(services().database, colleague().actor, now(), invitation_id=invitation_id)
    flash(_("The invitation is taken back; its link opens nothing any more."))
    return redirect(url_for("staff.colleagues"), 303)
