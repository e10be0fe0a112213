"""The timetable to work on: the grid, the list, what stands beside them, and every change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from webui import access
from webui.access import colleague, now, services
from webui.operations import colleagues, edits, pricing, solving, verdicts
from webui.operations.board import Board, board_of, require_board
from webui.operations.changes import Change, Turn
from webui.operations.edits import ConflictError
from webui.operations.log import NotFoundError, RefusedError, StaleError
from webui.staff import grid
from webui.staff.base import blueprint, event_page
from webui.staff.panel import panel_of, turn_of, value_of
from webui.words.conflicts import why
from webui.words.edits import said
from webui.words.levels import AROUND_ALL, AROUND_PINS, WITH_PIN
from webui.words.levels_now import levels_now
from webui.words.refusals import told

Answer = str | Response | tuple[str, int]
Values = MultiDict[str, str]

PEOPLE_FOUND = 20


@dataclass(frozen=True, slots=True)
class Note:
    """Why a change was not made.

    Parameters
    ----------
    again
        Fields of the form that makes the change after all.
    offers_pin
        Whether it could be kept as a pin, with a reason.
    theirs
        What others did meanwhile.
    """

    text: str
    again: dict[str, str]
    offers_pin: bool = False
    theirs: tuple[str, ...] = ()


@blueprint.get("/events/<key>/timetable")
def timetable(key: str) -> Answer:
    """The tables of a room by turns, and beside them who or what was chosen."""
    try:
        board = board_of(services().database, access.event().id)
    except RefusedError as error:
        return event_page("staff/timetable_none.html", step="timetable", reason=told(error))
    if board is None:
        return event_page("staff/timetable_none.html", step="timetable", reason="")
    if request.headers.get("HX-Target") == "panel":
        values = _beside(board, request.args)
        return render_template("staff/_panel.html", event=access.event(), **values)
    return _page(board, request.args)


@blueprint.get("/events/<key>/timetable/list")
def timetable_list(key: str) -> Answer:
    """Students with their meetings."""
    try:
        board = _board()
    except NotFoundError:
        return redirect(url_for("staff.timetable", key=key))  # which says what to do
    show, text = request.args.get("show", ""), request.args.get("q", "").strip()
    found = grid.students_of(board, show=show, text=text)
    first = max(0, request.args.get("from", 0, type=int))
    return event_page(
        "staff/timetable_list.html",
        step="timetable",
        lines=[grid.line_of(board, own) for own in found[first : first + grid.LINES]],
        first=first,
        count=len(found),
        page_size=grid.LINES,
        show=show,
        q=text,
        counts=grid.counts_of(board),
    )


@blueprint.get("/events/<key>/timetable/verdicts")
def verdicts_of_meeting(key: str) -> Response:
    """What speaks against each place in sight while a meeting is held; every text once."""
    board = _board()
    student_pk, company_pk = (request.args.get(own, 0, type=int) for own in ("student", "company"))
    meeting = board.meeting(student_pk, company_pk)
    shown = grid.grid_of(board, request.args.get("room", ""), request.args.get("part", 0, type=int))
    found = verdicts.verdicts_of(board, meeting, {own.company_pk for own in shown.columns})
    texts: dict[tuple[str, bool], int] = {("", False): 0}

    def number(conflicts: verdicts.Conflicts, *, is_swap: bool) -> int:
        text = why(board, conflicts, of=meeting.student_id)
        key = text, not is_swap and verdicts.is_by_pin(conflicts)
        return texts.setdefault(key, len(texts))

    turns = {value_of(turn): number(own, is_swap=False) for turn, own in found.turns.items()}
    swaps = {f"{a}-{b}": number(own, is_swap=True) for (a, b), own in found.swaps.items()}
    return jsonify(
        revision=board.row.revision,
        turns=turns,
        swaps=swaps,
        texts=[text for text, _ in texts],
        pins=[is_by_pin for _, is_by_pin in texts],
    )


@blueprint.post("/events/<key>/timetable/change")
def change_timetable(key: str) -> Answer:
    """Make a change by hand, undo or redo one."""
    row, form = access.event(), request.form
    kind, again = form.get("kind", ""), {"undo": edits.undo, "redo": edits.redo}
    revision = form.get("revision", 0, type=int)
    actor, database = colleague().actor, services().database
    try:
        if kind in again:
            again[kind](database, actor, now(), event_id=row.id, revision=revision)
        else:
            edits.apply_edit(
                database, actor, now(), event_id=row.id, revision=revision, change=_change(form)
            )
    except ConflictError as error:
        board = _board()
        of = board.people.students.get(form.get("student", 0, type=int))
        text = why(board, error.conflicts, of=of.student_id if of else None)
        offers = kind in ("move", "add", "turn") and verdicts.is_by_pin(error.conflicts)
        if of is not None:
            text = _("%(name)s: %(reason)s", name=of.name, reason=text)
        note = Note(_("Not done. %(why)s.", why=text), _fields(form), offers)
        return _page(board, form, note), 422
    except RefusedError as error:
        board = _board()
        is_reason = error.field == "reason" and form.get("is_pinned") == "yes"
        return _page(board, form, Note(told(error), _fields(form), is_reason)), 422
    except StaleError as error:
        board = _board()
        theirs = tuple(said(board, own.words) for own in error.theirs["edits"])
        return _page(board, form, Note("", _fields(form), theirs=theirs or ("",))), 409
    return redirect(url_for("staff.timetable", key=key, **_kept(form)))


@blueprint.post("/events/<key>/timetable/price")
def ask_price(key: str) -> Answer:
    """Work out what it costs that two meet."""
    student_pk, company_pk = (request.form.get(own, 0, type=int) for own in ("student", "company"))
    try:
        pricing.start_price(
            services().database,
            colleague().actor,
            now(),
            event_id=access.event().id,
            student_pk=student_pk,
            company_pk=company_pk,
        )
    except RefusedError as error:
        return _page(_board(), request.form, Note(told(error), {})), 422
    return redirect(url_for("staff.timetable", key=key, **_kept(request.form)))


@blueprint.get("/events/<key>/timetable/price")
def price(key: str) -> str:
    """The price of a pair while it is being worked out, and when it is."""
    shown = _beside(_board(), request.args)
    if shown["panel"]["kind"] != "pair":
        raise NotFoundError
    return render_template("staff/_price.html", event=access.event(), **shown)


@blueprint.post("/events/<key>/timetable/price/pay")
def pay_price(key: str) -> Answer:
    """Pin two who do not meet, and solve the rest around what is pinned."""
    form = request.form
    board = _board()
    student_pk, company_pk = (form.get(own, 0, type=int) for own in ("student", "company"))
    pair = board.people.pair(student_pk, company_pk)
    company = next(own.name for own in board.event.companies if own.company_id == pair[1])
    try:
        pricing.pin_and_solve(
            services().database,
            colleague().actor,
            now(),
            event_id=access.event().id,
            student_pk=student_pk,
            company_pk=company_pk,
            reason=form.get("reason", ""),
            note=f"{WITH_PIN}{company}",
        )
    except RefusedError as error:
        return _page(board, form, Note(told(error), {})), 422
    flash(
        _(
            "The two are pinned, and the rest is being solved around what is pinned. Use the "
            "result when you like it: until then this timetable stays, without their meeting."
        )
    )
    return redirect(url_for("staff.solve", key=key))


@blueprint.post("/events/<key>/timetable/solve")
def solve_rest(key: str) -> Answer:
    """Solve again and keep what is pinned, or every meeting."""
    keeps = request.form.get("keeps") == "all"
    try:
        solving.start_solve(
            services().database,
            colleague().actor,
            now(),
            event_id=access.event().id,
            note=AROUND_ALL if keeps else AROUND_PINS,
            keeps_working=keeps,
        )
    except RefusedError as error:
        return _page(_board(), request.form, Note(told(error), {})), 422
    flash(_("Solving has begun. Look at the result, then use it; this timetable stays until then."))
    return redirect(url_for("staff.solve", key=key))


def _board() -> Board:
    """The board; there is nothing here without one."""
    try:
        return require_board(services().database, access.event().id)
    except RefusedError as error:
        raise NotFoundError from error


def _page(board: Board, asked: Values, note: Note | None = None) -> str:
    room, part = asked.get("room", ""), asked.get("part", 0, type=int)
    student_pk, company_pk = (asked.get(own, 0, type=int) for own in ("student", "company"))
    if not room and (student_pk or company_pk):
        room, part = grid.where_is(board, student_pk=student_pk, company_pk=company_pk)
    history = edits.history_of(services().database, board.row.id)
    shown = grid.grid_of(board, room, part)
    names = {own.id: own.name for own in colleagues.list_colleagues(services().database)}
    return event_page(
        "staff/timetable.html",
        step="timetable",
        board=board,
        grid=shown,
        ranked={rank: _("wish %(rank)s", rank=rank) for rank in shown.ranks},
        levels=levels_now(board),
        history=history,
        edits=[
            (said(board, own.words), names.get(own.made_by or 0, ""), own) for own in history.edits
        ],
        redo=said(board, history.redo.words) if history.redo else "",
        counts=grid.counts_of(board),
        note=note,
        q=asked.get("q", ""),
        broken=[own.message for own in board.broken],
        **_beside(board, asked),
    )


def _beside(board: Board, asked: Values) -> dict[str, Any]:
    """Values of what stands beside the grid."""
    student_pk, company_pk = (asked.get(own, 0, type=int) for own in ("student", "company"))
    panel: dict[str, Any] = {}
    text = asked.get("q", "").strip()
    if text:
        students, companies = grid.found_people(board, text)
        if len(students) + len(companies) == 1:
            student_pk = students[0][0] if students else 0
            company_pk = companies[0][0] if companies else 0
        else:
            most = slice(0, PEOPLE_FOUND)
            panel = {
                "kind": "found",
                "students": students[most],
                "companies": companies[most],
                "text": text,
                "more": max(0, max(len(students), len(companies)) - PEOPLE_FOUND),
            }
    values = {"student": student_pk, "company": company_pk, "place": asked.get("place", "")}
    panel = panel or panel_of(board, values)
    if panel["kind"] == "pair":
        panel["price"] = pricing.price_of(
            services().database, board, panel["student_pk"], panel["company_pk"]
        )
    return {
        "panel": panel,
        "revision": board.row.revision,
        "here": {own: asked[own] for own in ("room", "part") if asked.get(own)},
        "may_change": access.may_change(),
    }


def _change(form: Values) -> Change:
    """The change that a form asks for."""
    kind, company = form.get("kind", ""), form.get("company", 0, type=int)
    text = form.get("to", "")
    if kind == "turn":  # a turn chosen from the list says itself what it is
        kind, _colon, rest = text.partition(":")
        instead, _colon, text = rest.partition(":")
        company = int(instead) if instead.isdecimal() and len(instead) < 10 else 0  # digits
    to: Turn | None = turn_of(text)
    other = form.get("other_student", 0, type=int), form.get("other_company", 0, type=int)
    return Change(
        kind,
        form.get("student", 0, type=int),
        company,
        to=to,
        other=other if all(other) else None,
        is_pinned=form.get("is_pinned") == "yes",
        keeps_time=form.get("keeps_time", "yes") == "yes",
        reason=form.get("reason", ""),
    )


FIELDS = ("kind", "student", "company", "to", "other_student", "other_company", "keeps_time")


def _fields(form: Values) -> dict[str, str]:
    """A form's own fields, so that it can be sent again."""
    return {own: form[own] for own in (*FIELDS, "reason", "room", "part") if form.get(own)}


def _kept(form: Values) -> dict[str, Any]:
    """Where the page was, and who was looked at."""
    kept = {own: form[own] for own in ("room", "part") if form.get(own)}
    shown = form.get("show", "student")
    names = {"pair": ("student", "company"), "company": ("company",)}.get(shown, ("student",))
    return {**kept, **{own: form[own] for own in names if form.get(own)}}
