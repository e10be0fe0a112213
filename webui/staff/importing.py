"""Import from spreadsheets, problem by problem, then what would change; export of everything."""

from __future__ import annotations

import io
import zipfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import flash, redirect, render_template, request, send_file, url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.errors import Problem, SchedulerError
from scheduler.importers import Examined, write_event, write_event_workbook, write_template
from scheduler.importers.rows import header_key, letters_of
from webui import access
from webui.access import colleague, now, services
from webui.operations import exporting, importing, looking, new_files, people, storing, uploads
from webui.operations.events import exists
from webui.operations.log import RefusedError, StaleError
from webui.operations.looking import Findings, Sent
from webui.operations.naming import key_of
from webui.staff.base import blueprint, event_page
from webui.words import filters
from webui.words.refusals import told
from webui.words.sentences import said

Answer = str | Response | tuple[str, int]

PROBLEMS_SHOWN = 200
CHANGES_SHOWN = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class FaultRow:
    """One row of a file: its cells, whether each is at fault, and what is wrong with it."""

    number: int
    cells: tuple[tuple[str, bool], ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class FaultTable:
    """The rows of a file that have problems, under the columns that matter."""

    label: str
    columns: tuple[str, ...]
    rows: tuple[FaultRow, ...]
    others: tuple[Problem, ...]


@blueprint.route("/events/<key>/import", methods=["GET", "POST"])
def import_files(key: str) -> Answer:
    """Choose files; look through what was sent."""
    if request.method == "GET":
        return _import_page()
    sent = None
    try:
        sent = looking.named(_sent_files())
        upload, findings = uploads.keep(
            services().database,
            colleague().actor,
            now(),
            event_pk=access.event().id,
            files=sent.files,
            workbook=sent.workbook,
        )
    except RefusedError as refusal:
        return _import_page(sent=sent, error=told(refusal)), 422
    if upload is None:
        return _import_page(findings, sent), 422
    for name in sent.left_out:
        flash(_("%(name)s is not a file of an event and was left out.", name=name))
    return redirect(url_for("staff.import_preview", key=key, upload_id=upload), 303)


@blueprint.route("/events/import", methods=["GET", "POST"])
def new_from_files() -> Answer:
    """Create an event from its files."""
    if request.method == "GET":
        waits = request.args.get("upload", type=int)
        return _import_page(is_new=True) if waits is None else _under_another_name(waits)
    if "upload" in request.form:
        return _under_another_name(request.form.get("upload", 0, type=int))
    database, findings, sent = services().database, None, None
    try:
        sent = looking.named(_sent_files())
        findings = looking.look_through(sent.files, None, workbook=sent.workbook)
        if findings.examined is None or not findings.is_clean:
            return _import_page(findings, sent, is_new=True), 422
        event = findings.examined.loaded.event
        event = replace(event, event_id=key_of(event.event_id))
        if exists(database, event.event_id):
            own = new_files.keep_waiting(database, colleague(), now(), files=sent.files)
            address = url_for("staff.new_from_files", upload=own, taken=event.event_id)
            return redirect(address, 303)
        importing.create_from(database, colleague().actor, now(), event)
    except RefusedError as refusal:
        return _import_page(findings, sent, error=told(refusal), is_new=True), 422
    for text in findings.warnings:
        flash(said(text))
    flash(_("The event is created."))
    return redirect(url_for("staff.people_overview", key=event.event_id), 303)


def _under_another_name(upload_id: int) -> Answer:
    """Give files whose short name is taken another one, or import them into what is there."""
    database, form = services().database, request.form
    taken = request.values.get("taken", "")
    typed, error = form.get("key", "").strip(), ""
    if "into" in form:
        own = new_files.hand_over(database, colleague(), now(), upload_id=upload_id, key=taken)
        return redirect(url_for("staff.import_preview", key=taken, upload_id=own), 303)
    if request.method == "POST":
        try:
            new_files.create_waiting(database, colleague(), now(), upload_id=upload_id, key=typed)
        except RefusedError as refusal:
            error = told(refusal)
        else:
            flash(_("The event is created."))
            return redirect(url_for("staff.people_overview", key=typed), 303)
    found = new_files.waiting(database, colleague(), now(), upload_id=upload_id, key=taken)
    page = render_template(
        "staff/another_name.html", found=found, typed=typed or found.free, error=error
    )
    return (page, 422) if error else page


def _sent_files() -> list[tuple[str, bytes]]:
    return [(own.filename, own.read()) for own in request.files.getlist("files") if own.filename]


def _import_page(
    findings: Findings | None = None,
    sent: Sent | None = None,
    *,
    error: str = "",
    is_new: bool = False,
) -> str:
    problems = findings.problems if findings else ()
    values = {
        "problems": problems[:PROBLEMS_SHOWN],
        "count": len(problems),
        "tables": fault_tables(problems[:PROBLEMS_SHOWN], findings.examined if findings else None),
        "warnings": findings.warnings if findings else (),
        "left_out": sent.left_out if sent else (),
        "guesses": (*(findings.guesses if findings else ()), *(sent.guesses if sent else ())),
        "first": findings.first if findings else (),
        "lacks_settings": is_new and findings is not None and not findings.has_settings,
        "error": error,
        "file_names": looking.FILE_NAMES,
        "is_new": is_new,
    }
    if is_new:
        return render_template("staff/import.html", event=None, **values)
    return event_page("staff/import.html", step="people", **values)


def fault_tables(problems: Sequence[Problem], examined: Examined | None) -> list[FaultTable]:
    """Put problems beside the cells they speak of, file by file."""
    by_file: dict[tuple[str, str], list[Problem]] = defaultdict(list)
    for problem in problems:
        by_file[problem.file or problem.table, problem.table].append(problem)
    return [_fault_table(label, table, own, examined) for (label, table), own in by_file.items()]


def _fault_table(
    label: str, table: str, problems: list[Problem], examined: Examined | None
) -> FaultTable:
    grid = examined.grids.get(table) if examined else None
    header = grid.header() if grid else None
    if grid is None or header is None:
        return FaultTable(label, (), (), tuple(problems))
    names = [name.strip() for name in header[1]]
    at_row: dict[int, list[Problem]] = defaultdict(list)
    others = []
    for problem in problems:
        if problem.row is None or problem.row <= header[0]:
            others.append(problem)
        else:
            at_row[problem.row].append(problem)
    faulty = {place for own in problems if (place := _place(names, own.column)) is not None}
    shown = sorted(faulty | set(range(min(2, len(names)))))
    rows = []
    for number, own in at_row.items():
        record = grid.records[number - 1]
        bad = {_place(names, problem.column) for problem in own}
        cells = tuple(
            (record[place] if place < len(record) else "", place in bad) for place in shown
        )
        rows.append(FaultRow(number, cells, tuple(own)))
    columns = tuple(
        names[place] if place < len(names) and names[place] else letters_of(place)
        for place in shown
    )
    return FaultTable(label, columns, tuple(rows), tuple(others))


def _place(names: list[str], column: str) -> int | None:
    """Place of a column by its header, or by the letters of a spreadsheet."""
    if not column:
        return None
    keys = [header_key(name) for name in names]
    if header_key(column) in keys:
        return keys.index(header_key(column))
    if column.isupper() and column.isalpha():
        place = 0
        for letter in column:
            place = place * 26 + ord(letter) - 64
        return place - 1
    return None


@blueprint.route("/events/<key>/import/<int:upload_id>", methods=["GET", "POST"])
def import_preview(key: str, upload_id: int) -> Answer:
    """Show what an import would change, and do it."""
    event_pk = access.event().id
    is_stale = False
    if request.method == "POST":
        is_overwriting = "overwrite" in request.form
        try:
            counts = storing.store_upload(
                services().database,
                colleague().actor,
                now(),
                event_pk=event_pk,
                upload_id=upload_id,
                shown=request.form.get("shown_all" if is_overwriting else "shown", ""),
                removed=request.form.getlist("remove"),
                takes_settings="settings" in request.form,
                is_overwriting=is_overwriting,
            )
            return _stored(key, counts)
        except StaleError:
            is_stale = True
    preview = uploads.preview(services().database, now(), event_pk=event_pk, upload_id=upload_id)
    if preview.findings.problems:  # somebody removed what the files name
        return _import_page(preview.findings), 422
    page = event_page(
        "staff/import_preview.html",
        step="people",
        preview=preview,
        comparison=preview.comparison,
        is_stale=is_stale,
        shown=CHANGES_SHOWN,
        takes_settings=not _is_other_event(preview),
        entered=sum(len(own.entered) for own in preview.comparison.lists),
    )
    return (page, 409) if is_stale else page


def _is_other_event(preview: uploads.Preview) -> bool:
    """Whether the files would rename or move an event that has people already."""
    changed = {key for key, _old, _new in preview.comparison.settings}
    if not changed & {"event.name", "event.date"}:
        return False
    return people.has_people(services().database, access.event().id)


def _stored(key: str, counts: Mapping[str, int]) -> Response:
    told = {
        "settings": ngettext("%(num)d setting", "%(num)d settings", counts["settings"]),
        "new": _("%(n)s new", n=filters.number(counts["new"])),
        "changed": _("%(n)s changed", n=filters.number(counts["changed"])),
        "removed": _("%(n)s removed", n=filters.number(counts["removed"])),
    }
    done = [text for name, text in told.items() if counts[name]]
    flash(_("Stored: %(what)s.", what=", ".join(done)) if done else _("Nothing was changed."))
    return redirect(url_for("staff.people_overview", key=key), 303)


@blueprint.post("/events/<key>/import/<int:upload_id>/drop")
def drop_upload(key: str, upload_id: int) -> Response:
    """Forget an upload."""
    uploads.forget(
        services().database,
        colleague().actor,
        now(),
        event_pk=access.event().id,
        upload_id=upload_id,
    )
    flash(_("Dropped; nothing was changed."))
    return redirect(url_for("staff.import_files", key=key), 303)


@blueprint.get("/import-template.xlsx")
def import_template() -> Response:
    """The empty workbook, with a help sheet, in the reader's language."""
    with TemporaryDirectory(prefix="company-dating-") as place:
        path = Path(place, "company-dating.xlsx")
        write_template(path, "da" if str(get_locale()) == "da" else "en")
        content = path.read_bytes()
    return _download(content, "company-dating.xlsx", XLSX)


@blueprint.post("/events/<key>/export")
def export(key: str) -> Response:
    """Everything of an event, as one workbook or as a ZIP of CSV files."""
    form = "xlsx" if request.form.get("form") == "xlsx" else "zip"
    event = exporting.event_for_export(
        services().database, colleague().actor, now(), event_pk=access.event().id, form=form
    )
    with TemporaryDirectory(prefix="company-dating-") as place:
        try:
            if form == "xlsx":
                write_event_workbook(event, Path(place, "event.xlsx"))
                content = Path(place, "event.xlsx").read_bytes()
                return _download(content, f"{key}.xlsx", XLSX)
            # a Danish Excel expects semicolons; both read UTF-8 with its mark
            delimiter = ";" if str(get_locale()) == "da" else ","
            write_event(event, Path(place, key), delimiter=delimiter, encoding="utf-8-sig")
        except SchedulerError as error:
            flash(said(error.args[0]))
            return redirect(url_for("staff.people_overview", key=key), 303)
        return _download(_zipped(Path(place, key)), f"{key}.zip", "application/zip")


def _zipped(folder: Path) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in sorted(folder.iterdir()):
            packed.write(file, file.name)
    return stream.getvalue()


def _download(content: bytes, name: str, kind: str) -> Response:
    return send_file(io.BytesIO(content), mimetype=kind, as_attachment=True, download_name=name)
