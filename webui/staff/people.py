"""The step People: the arithmetic, the lists, and each row of them."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webui import access
from webui.access import colleague, now, services
from webui.operations import deleting, demand, editing, naming, people, problems, removing
from webui.operations.editing import FaultyError
from webui.operations.log import StaleError
from webui.operations.people import NAMES, Asked, Line
from webui.staff import row_form
from webui.staff.base import blueprint, event_page
from webui.staff.row_form import RowForm, title_of
from webui.words.sentences import whole

Answer = str | Response | tuple[str, int]

PROBLEMS_SHOWN = 10
NOT_KEPT = frozenset({"page", "sort", "deleted", "added"})
"""Of the address of a list; the rest stays when one sorts or goes on."""
ASIDE = {
    "companies": ("room_id", "tables", "seats", "times", "languages", "positions", "meetings"),
    "students": ("programme", "languages", "positions", "times"),
    "rooms": ("building", "capacity"),
}
"""Columns that a phone has no room for; they stand in the form of the row."""


@blueprint.get("/events/<key>/people")
def people_overview(key: str) -> str:
    """Counts, the arithmetic by company, and what is to be put right."""
    row = access.event()
    found = problems.problems_of(services().database, row)
    return event_page(
        "staff/people.html",
        step="people",
        counts=demand.counts_of(services().database, row.id),
        demand=demand.demand(services().database, row),
        problems=found,
        shown=PROBLEMS_SHOWN,
    )


@blueprint.get("/events/<key>/people/<name>")
def people_list(key: str, name: str) -> str:
    """One list: searched, filtered, sorted, a page at a time."""
    _known(name)
    row = access.event()
    args = request.args
    faulty = problems.problems_of(services().database, row).of(name)
    is_faulty_only = args.get("problems") == "1"
    asked = Asked(
        query=args.get("q", "").strip(),
        sort=args.get("sort", ""),
        page=args.get("page", 1, type=int),
        facets={own: args[own] for own in people.FACETS[name] if args.get(own)},
        only=frozenset(faulty) if is_faulty_only else None,
    )
    return event_page(
        "staff/people_list.html",
        step="people",
        name=name,
        names=NAMES,
        asked=asked,
        list=people.list_page(services().database, event_pk=row.id, name=name, asked=asked),
        problems=faulty,
        is_faulty_only=is_faulty_only,
        numbers=people.NUMBERS,
        aside=ASIDE.get(name, ()),
        kept={own: value for own, value in args.items() if own not in NOT_KEPT and value},
        removed=removing.removed_line(
            services().database, row.id, args.get("deleted", 0, type=int)
        ),
        added=_added(name, args.get("added", 0, type=int)),
    )


def _added(name: str, pk: int) -> tuple[int, str] | None:
    """Row and title of what was just added."""
    if not pk:
        return None
    line = people.line_of(services().database, event_pk=access.event().id, name=name, pk=pk)
    return None if line is None else (pk, title_of(name, line))


def _known(name: str) -> None:
    if name not in NAMES:
        abort(404)


@blueprint.route("/events/<key>/people/<name>/new", methods=["GET", "POST"])
def new_row(key: str, name: str) -> Answer:
    """Add a row to a list."""
    _known(name)
    if name == "wishes":
        abort(404)
    form = RowForm(name, None, "", row_form.typed(name, request.form))
    own_id = naming.ID_COLUMNS.get(name, "")
    if own_id and not form.texts[own_id].strip():
        form.texts[own_id] = naming.free_id(
            services().database,
            event_pk=access.event().id,
            name=name,
            title=form.texts["name"].strip(),
        )
    if request.method == "GET":
        return _row_page(form)
    return _save(key, form)


@blueprint.route("/events/<key>/people/<name>/<int:row_id>", methods=["GET", "POST"])
def edit_row(key: str, name: str, row_id: int) -> Answer:
    """Change a row, in its place of the list or on a page of its own."""
    _known(name)
    line = _line(name, row_id)
    form = row_form.form_of(name, line)
    if request.method == "GET":
        if "shown" in request.args:
            return _row(name, line)
        return _row_page(form)
    form.was = request.form.get("was", "")
    form.texts = row_form.typed(name, request.form)
    return _save(key, form)


def _line(name: str, pk: int) -> Line:
    line = people.line_of(services().database, event_pk=access.event().id, name=name, pk=pk)
    if line is None:
        abort(404)
    return line


def _save(key: str, form: RowForm) -> Answer:
    try:
        pk = editing.save_row(
            services().database,
            colleague().actor,
            now(),
            event_pk=access.event().id,
            name=form.name,
            pk=form.pk,
            was=form.was,
            texts=form.texts,
        )
    except FaultyError as error:
        form.errors = {own: whole(text) for own, text in error.errors.items()}
        return _row_page(form), 422
    except StaleError as error:
        form.theirs = {own: str(error.theirs.get(own, "")) for own in form.texts}
        form.was = error.theirs["was"]
        return _row_page(form), 409
    if _is_in_place():
        return _row(form.name, _line(form.name, pk))
    if form.pk is None:
        return redirect(url_for("staff.people_list", key=key, name=form.name, added=pk), 303)
    flash(_("Saved."))
    return redirect(url_for("staff.people_list", key=key, name=form.name), 303)


def _is_in_place() -> bool:
    return "HX-Request" in request.headers


def _row(name: str, line: Line) -> str:
    """One row of the list, as it is now."""
    event = access.event()
    found = problems.problems_of(services().database, event).of(name)
    return render_template(
        "staff/_people_row.html",
        event=event,
        name=name,
        line=line,
        columns=people.SHOWN[name],
        numbers=people.NUMBERS,
        aside=ASIDE.get(name, ()),
        problems=found,
        is_new=True,
    )


def _row_page(form: RowForm) -> str:
    values = row_form.values_of(form)
    if _is_in_place():
        return render_template("staff/_people_edit.html", event=access.event(), **values)
    return event_page("staff/people_row.html", step="people", **values)


@blueprint.route("/events/<key>/people/<name>/<int:row_id>/delete", methods=["GET", "POST"])
def delete_row(key: str, name: str, row_id: int) -> Answer:
    """Say what is lost with a row, and delete it."""
    _known(name)
    line = _line(name, row_id)
    event_pk = access.event().id
    if request.method == "POST":
        try:
            removed = deleting.delete_row(
                services().database,
                colleague().actor,
                now(),
                event_pk=event_pk,
                name=name,
                pk=row_id,
                was=request.form.get("was", ""),
                title=title_of(name, line),
            )
        except StaleError:
            line = _line(name, row_id)
        else:
            address = url_for("staff.people_list", key=key, name=name, deleted=removed)
            return redirect(address, 303)
    lost = deleting.what_is_lost(services().database, event_pk=event_pk, name=name, pk=row_id)
    page = event_page(
        "staff/people_delete.html",
        step="people",
        name=name,
        line=line,
        title=title_of(name, line),
        lost=lost,
        is_stale=request.method == "POST",
    )
    return page, 409 if request.method == "POST" else 200
