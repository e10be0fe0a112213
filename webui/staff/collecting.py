"""The step Collect: the preference window, personal links, mails, and who has answered."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.files import protect
from webui import access
from webui.access import colleague, now, services
from webui.operations import answers, collecting, inviting, mail_queue, many_links
from webui.operations.answers import STATES, Respondent, Sought
from webui.operations.collecting import PreferenceWindow
from webui.operations.inviting import KINDS, Audience, Letter
from webui.operations.log import RefusedError, StaleError
from webui.operations.secrets import new_token
from webui.staff.base import blueprint, event_page
from webui.words import mails
from webui.words.refusals import told

Answer = str | Response | tuple[str, int]

ACTIONS = ("renew", "revoke", "extend", "merge", "remake")
SAMPLE_LINK = "/s/…"
LOCAL = "%Y-%m-%dT%H:%M"


@dataclass(slots=True)
class WindowForm:
    """The preference window as typed."""

    opens_at: str
    closes_at: str
    wish_limit: str
    was: str
    errors: dict[str, str] = field(default_factory=dict)
    theirs: PreferenceWindow | None = None


@blueprint.get("/events/<key>/collect")
def collect(key: str) -> str:
    """The window and its state, the mails, and every student with how far they are."""
    return _collect_page(_form_of(collecting.window_of(access.event())))


def _collect_page(form: WindowForm) -> str:
    row, database, args = access.event(), services().database, request.args
    state = args.get("state", "")
    sought = Sought(
        query=args.get("q", "").strip(),
        state=state if state in (*STATES, answers.SILENT_STATE) else "",
        page=args.get("page", 1, type=int),
    )
    with database.reading() as session:
        post = mail_queue.post_of(session, row.id)
        every = answers.respondents(session, now(), row.id)
    return event_page(
        "staff/collect.html",
        step="collect",
        asking=[own for own in every if own.is_asking],
        imported=answers.imported_wishes(every),
        **_links_of(every),
        form=form,
        window=collecting.window_of(row),
        state=collecting.state_of(collecting.window_of(row), now()).value,
        list=answers.page_of(every, sought),
        sought=sought,
        post=post,
        due={kind: len(inviting.audience_of(every, kind=kind).students) for kind in KINDS},
        has_mail=services().settings.smtp is not None,
        reason_of=mails.reason_of,
    )


def _form_of(window: PreferenceWindow) -> WindowForm:
    zone = access.zone()
    opens, closes = (
        "" if at is None else at.astimezone(zone).strftime(LOCAL)
        for at in (window.opens_at, window.closes_at)
    )
    return WindowForm(opens, closes, str(window.wish_limit or ""), _was_of(window))


def _was_of(window: PreferenceWindow) -> str:
    """What somebody saw who now changes it, to the microsecond."""
    moments = ("" if at is None else at.isoformat() for at in (window.opens_at, window.closes_at))
    return "|".join((*moments, str(window.wish_limit or "")))


@blueprint.post("/events/<key>/collect/window")
def collect_window(key: str) -> Answer:
    """Set when students may answer, or open or close it at once."""
    row = access.event()
    stored = collecting.window_of(row)
    form = _form_of(stored)
    form.was = request.form.get("was", "")
    try:
        wanted = _wanted(form, stored)
        if form.was != _was_of(stored):
            form.theirs, form.was = stored, _was_of(stored)
            return _collect_page(form), 409
        form.errors = {own.field: told(own) for own in collecting.faults_of(wanted, row, now())}
        if form.errors:
            return _collect_page(form), 422
        collecting.set_window(
            services().database,
            colleague().actor,
            now(),
            event_pk=row.id,
            was=stored,
            wanted=wanted,
        )
    except RefusedError as error:
        form.errors[error.field] = told(error)
        return _collect_page(form), 422
    except StaleError as error:
        form.theirs = PreferenceWindow(**error.theirs)
        form.was = _was_of(form.theirs)
        return _collect_page(form), 409
    flash(_("Saved."))
    return redirect(url_for("staff.collect", key=key), 303)


def _wanted(form: WindowForm, stored: PreferenceWindow) -> PreferenceWindow:
    """Read the form into the window that it asks for; what was typed stays in it."""
    sent, zone = request.form, access.event().timezone
    action = sent.get("action", "save")
    if action == "close":
        return PreferenceWindow(stored.opens_at, now(), stored.wish_limit)
    if action == "reopen":
        return PreferenceWindow(stored.opens_at or now(), None, stored.wish_limit)
    form.opens_at, form.closes_at = sent.get("opens_at", ""), sent.get("closes_at", "")
    form.wish_limit = sent.get("wish_limit", "").strip()
    if form.wish_limit and not form.wish_limit.isdecimal():
        raise RefusedError("Write a whole number.", field="wish_limit")
    opens = collecting.moment_of(form.opens_at, zone, field="opens_at")
    return PreferenceWindow(
        now() if action == "open" else opens,
        collecting.moment_of(form.closes_at, zone, field="closes_at"),
        int(form.wish_limit) if form.wish_limit else None,
    )


@blueprint.get("/events/<key>/collect/post")
def collect_post(key: str) -> str:
    """How the mails stand, renewed while some wait."""
    with services().database.reading() as session:
        post = mail_queue.post_of(session, access.event().id)
    return render_template(
        "staff/_collect_post.html", event=access.event(), post=post, reason_of=mails.reason_of
    )


@blueprint.post("/events/<key>/collect/post")
def try_mail_again(key: str) -> Response:
    """Send the mails again that failed."""
    count = mail_queue.try_again(
        services().database, colleague().actor, now(), event_pk=access.event().id
    )
    flash(ngettext("%(num)d mail is tried again.", "%(num)d mails are tried again.", count))
    return redirect(url_for("staff.collect", key=key), 303)


def _chosen() -> list[int] | None:
    """Students picked in the list; None for all that the action is for."""
    picked = request.form.getlist("student", type=int)
    return picked if picked or request.form.get("who") == "chosen" else None


@blueprint.route("/events/<key>/collect/mail/<kind>", methods=["GET", "POST"])
def write_mail(key: str, kind: str) -> Answer:
    """Write a mail with the personal link, look at it, send it to all it is for or to some."""
    if kind not in KINDS or services().settings.smtp is None:
        abort(404)
    row, chosen = access.event(), _chosen()
    usual = mails.usual_letter(row, kind)
    letter = inviting.letter_of(row, usual)
    step = request.form.get("step", "")
    if request.method == "GET" or not step:
        return _mail_page(kind, letter, chosen)
    letter = Letter(request.form.get("subject", ""), request.form.get("text", ""), kind)
    try:
        if step == "usual":
            return _mail_page(kind, usual, chosen)
        letter = inviting.check_letter(letter)
        if step == "look":
            return _mail_page(kind, letter, chosen)
        count = inviting.send_letter(
            services().database,
            colleague().actor,
            now(),
            event_pk=row.id,
            letter=letter,
            chosen=chosen,
            once=request.form.get("once", "") or new_token(),
            values=mails.values_of(row),
        )
    except RefusedError as error:
        return _mail_page(kind, letter, chosen, error=error), 422
    flash(ngettext("%(num)d mail is on its way.", "%(num)d mails are on their way.", count))
    return redirect(url_for("staff.collect", key=key), 303)


def _mail_page(
    kind: str, letter: Letter, chosen: Sequence[int] | None, *, error: RefusedError | None = None
) -> str:
    row = access.event()
    with services().database.reading() as session:
        found = inviting.audience(session, now(), row.id, kind=kind, chosen=chosen)
    return event_page(
        "staff/write_mail.html",
        step="collect",
        kind=kind,
        letter=letter,
        preview=None if error is not None and error.field else _preview(letter, found),
        audience=found,
        chosen=chosen,
        error="" if error is None else told(error),
        field="" if error is None else error.field,
        once=request.form.get("once", "") or new_token(),
        places=inviting.PLACES,
    )


def _preview(letter: Letter, found: Audience) -> Letter:
    """The mail as the first one gets it; the link is made when it is sent."""
    name = found.students[0].name if found.students else _("Name")
    link = services().settings.base_url + SAMPLE_LINK
    return inviting.filled(letter, {**mails.values_of(access.event()), "name": name, "link": link})


@blueprint.route("/events/<key>/collect/links/<action>", methods=["GET", "POST"])
def change_links(key: str, action: str) -> Answer:
    """Say what becomes of links, then do it: renew, revoke, extend, a file for a mail program."""
    if action not in ACTIONS:
        abort(404)
    chosen = _chosen()
    if request.method == "GET" or "sure" not in request.form or "look" in request.form:
        return _links_page(action, chosen)
    try:
        return _change_links(key, action, chosen)
    except RefusedError as error:
        return _links_page(action, chosen, error=error), 422


def _links_page(
    action: str, chosen: Sequence[int] | None, *, error: RefusedError | None = None
) -> str:
    row = access.event()
    sought = set(chosen or ())
    with services().database.reading() as session:
        every = answers.respondents(session, now(), row.id)
    found = [own for own in every if chosen is None or own.pk in sought]
    return event_page(
        "staff/change_links.html",
        step="collect",
        action=action,
        chosen=chosen,
        found=found,
        **_links_of(found),
        without_address=sum(not own.email for own in found),
        until=request.form.get("until", ""),
        error="" if error is None else told(error),
        has_mail=services().settings.smtp is not None,
    )


def _change_links(key: str, action: str, chosen: Sequence[int] | None) -> Response:
    database, row, actor = services().database, access.event(), colleague().actor
    if action in ("merge", "remake"):
        return _merge_file(key, chosen, is_renewing=action == "remake")
    if action == "extend":
        until = collecting.day_of(request.form.get("until", ""), field="until")
        count = many_links.extend_links(database, actor, now(), event_pk=row.id, until=until)
        flash(ngettext("%(num)d link is extended.", "%(num)d links are extended.", count))
    elif action == "revoke":
        count = many_links.revoke_links(database, actor, now(), event_pk=row.id, chosen=chosen)
        flash(ngettext("%(num)d link is revoked.", "%(num)d links are revoked.", count))
    else:
        count = inviting.renew_links(
            database,
            actor,
            now(),
            event_pk=row.id,
            chosen=chosen,
            letter=inviting.letter_of(row, mails.usual_letter(row, many_links.INVITATION)),
            values=mails.values_of(row),
        )
        flash(
            ngettext(
                "The old links are dead; %(num)d mail with a new one is on its way.",
                "The old links are dead; %(num)d mails with new ones are on their way.",
                count,
            )
        )
    return redirect(url_for("staff.collect", key=key), 303)


def _links_of(found: Sequence[Respondent]) -> dict[str, Any]:
    """How many have a link that opens, and when the newest was made."""
    made = [own.linked_at for own in found if own.linked_at is not None]
    return {"alive": len(made), "linked_at": max(made, default=None)}


def _merge_file(key: str, chosen: Sequence[int] | None, *, is_renewing: bool) -> Response:
    """Write names, addresses and new links for a mail program."""
    found = many_links.links_for_merging(
        services().database,
        colleague().actor,
        now(),
        event_pk=access.event().id,
        chosen=chosen,
        is_renewing=is_renewing,
    )
    stream = io.StringIO(newline="")
    # a Danish Excel expects semicolons; both read UTF-8 with its mark
    writer = csv.writer(stream, delimiter=";" if str(get_locale()) == "da" else ",")
    writer.writerow(("name", "email", "link"))
    base = services().settings.base_url
    for name, email, token in found:
        writer.writerow((protect(name), protect(email), f"{base}/s/{token}"))
    answer = make_response(stream.getvalue().encode("utf-8-sig"))
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="{key}-links.csv"'
    return answer
