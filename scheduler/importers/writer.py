"""An event as files, or as a workbook, that read back to an equal event."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterator
from enum import Enum
from operator import attrgetter
from pathlib import Path
from typing import Any

from scheduler.errors import SchedulerError
from scheduler.files import make_folder, protect, write_whole
from scheduler.importers.cells import DAY_MIN
from scheduler.importers.columns import TABLES, Column, Table
from scheduler.importers.settings import FLAG, SETTINGS, WEIGHTS, WHOLE
from scheduler.model import Event, Language, Rules
from scheduler.sentence import Grouped, say

XLSX_TEXT_LIMIT = 32_767
XLSX_ROW_LIMIT = 1_048_576
WORKBOOK_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}

_ATTRIBUTES = {"unavailable": "absences"}


def write_event(
    event: Event, folder: Path, *, delimiter: str = ",", encoding: str = "utf-8"
) -> None:
    """Write an event as a folder of files; the folder is made when it is not there.

    Parameters
    ----------
    delimiter, encoding
        Of the CSV files; a Danish Excel writes ``;`` and ``cp1252``.

    Raises
    ------
    SchedulerError
        The folder cannot be written, the encoding lacks a letter, or the event holds something
        that its files cannot say.

    Notes
    -----
    Each file is written whole; tables that need not be there and are empty are not written.
    """
    contents = {"event.toml": toml_of(event).encode()}
    for table in TABLES:
        if table.is_needed or table_values(event, table):
            text = csv_of(event, table, delimiter=delimiter)
            try:
                contents[f"{table.name}.csv"] = text.encode(encoding)
            except UnicodeEncodeError as error:
                letter = error.object[error.start : error.end]
                raise SchedulerError(
                    say(
                        "%(file)s: %(encoding)s has no '%(letter)s'; write UTF-8",
                        file=f"{table.name}.csv",
                        encoding=encoding,
                        letter=letter,
                    )
                ) from error
    make_folder(folder)
    for name, content in contents.items():
        write_whole(folder / name, content)


def write_event_workbook(event: Event, path: Path) -> None:
    """Write an event as one workbook with a sheet per table; numbers are numbers.

    Raises
    ------
    SchedulerError
        The place cannot be written, or the event holds something that a workbook cannot.
    """
    import xlsxwriter  # only who writes a workbook waits for it

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, WORKBOOK_OPTIONS)
    day = dt.datetime.combine(event.date, dt.time())
    book.set_properties({"title": event.name, "created": day})
    _write_sheet(book, "event", ("key", "value"), setting_rows(event))
    for table in TABLES:
        rows = _rows(event, table, table_values(event, table))
        _write_sheet(book, table.name, table.headers, rows)
    book.close()
    write_whole(path, stream.getvalue())


def table_values(event: Event, table: Table) -> tuple[Any, ...]:
    """The values of an event that stand in a table."""
    values: tuple[Any, ...] = getattr(event, _ATTRIBUTES.get(table.name, table.name))
    return values


def _rows(event: Event, table: Table, values: tuple[Any, ...]) -> Iterator[list[str | int]]:
    columns = [(attrgetter(c.attribute or c.name), _formatter(c, event)) for c in table.columns]
    for value in values:
        yield [form(get(value)) for get, form in columns]


def _formatter(column: Column, event: Event) -> Callable[[Any], str | int]:
    """Make what turns a value into a cell: text, or a number."""
    if column.is_time:
        return lambda minute: "" if minute is None else clock_of(event, minute)
    if column.name == "verdict":
        return lambda is_yes: "yes" if is_yes else "no"
    return cell_of


def cell_of(value: Any) -> str | int:
    """Write a value as its cell: text, or a number; empty for none."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ";".join(_item(item) for item in value)
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, str):
        return value
    return int(value)


def _item(item: Any) -> str:
    if isinstance(item, Language):
        return str(item)
    if isinstance(item, tuple):
        return "|".join(map(str, item))
    return str(item.value if isinstance(item, Enum) else item)


def clock_of(event: Event, minute: int) -> str:
    """Write a minute since the window opens as a clock time of the event's day.

    Raises
    ------
    SchedulerError
        It is not on that day.
    """
    total = event.opens_min + minute
    if not 0 <= total <= DAY_MIN:
        raise SchedulerError(
            say("%(minute)s minutes after the start is not on the day of the event", minute=minute)
        )
    return f"{total // 60:02d}:{total % 60:02d}"


def csv_of(event: Event, table: Table, *, delimiter: str = ",") -> str:
    """Write one table of an event as the text of its file.

    Raises
    ------
    SchedulerError
        It holds something that its file cannot say.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
    writer.writerow(table.headers)
    for row in _rows(event, table, table_values(event, table)):
        writer.writerow([protect(cell) if isinstance(cell, str) else cell for cell in row])
    return stream.getvalue()


def setting_values(event: Event) -> dict[str, Any]:
    """Every setting of an event by its key; clock times are text.

    Raises
    ------
    SchedulerError
        A rule has a value that no key can set.
    """
    if event.rules.later_rank_weight != Rules().later_rank_weight:
        raise SchedulerError(
            say(
                "later_rank_weight %(weight)s has no key in event.toml; write the "
                "weights of more ranks in rank_weights",
                weight=event.rules.later_rank_weight,
            )
        )
    values = {
        "event.id": event.event_id,
        "event.name": event.name,
        "event.language": event.language,
        "event.date": event.date,
        "event.timezone": event.timezone,
        "event.start": clock_of(event, 0),
        "event.end": clock_of(event, event.window.length_min),
        "event.slot_min": event.window.slot_min,
        "event.changeover_min": event.window.changeover_min,
    }
    for setting in SETTINGS:
        section, _, name = setting.key.partition(".")
        if section == "rules":
            values[setting.key] = getattr(event.rules, name)
    return values


def setting_rows(event: Event) -> Iterator[tuple[str, str | int]]:
    """Rows of the sheet ``event``."""
    values = setting_values(event)
    for setting in SETTINGS:
        value = values[setting.key]
        if setting.kind is FLAG:
            yield setting.key, "true" if value else "false"
        elif setting.kind is WEIGHTS:
            yield setting.key, ";".join(map(str, value)) or ";"
        else:
            yield setting.key, value if setting.kind is WHOLE else str(value)
        if setting.key == "event.changeover_min":
            for number, pause in enumerate(event.window.breaks, 1):
                key = f"event.breaks.{number}"
                yield f"{key}.start", clock_of(event, pause.start_min)
                yield f"{key}.end", clock_of(event, pause.end_min)


def toml_of(event: Event) -> str:
    """Write the settings of an event as the text of ``event.toml``.

    Raises
    ------
    SchedulerError
        As `setting_values`.
    """
    values = setting_values(event)
    lines = ["[event]"]
    for setting in SETTINGS:
        section, _, name = setting.key.partition(".")
        if section == "event":
            lines.append(f"{name} = {_toml_value(values[setting.key])}")
    for pause in event.window.breaks:
        lines += ["", "[[event.breaks]]"]
        lines += [f'start = "{clock_of(event, pause.start_min)}"']
        lines += [f'end = "{clock_of(event, pause.end_min)}"']
    lines += ["", "[rules]"]
    for setting in SETTINGS:
        section, _, name = setting.key.partition(".")
        if section == "rules":
            lines.append(f"{name} = {_toml_value(values[setting.key])}")
    return "\n".join(lines) + "\n"


def _toml_value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return f"[{', '.join(map(str, value))}]"
    if isinstance(value, str):
        return '"' + "".join(map(_toml_letter, _as_text(value))) + '"'
    return str(value)


def _toml_letter(letter: str) -> str:
    if letter in '"\\':
        return f"\\{letter}"
    return letter if letter >= " " and letter != "\x7f" else f"\\u{ord(letter):04x}"


def _write_sheet(book: Any, name: str, headers: tuple[str, ...], rows: Iterator[Any]) -> None:
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(headers) - 1, 18)
    for place, header in enumerate(headers):
        sheet.write_string(0, place, header, bold)
    for number, row in enumerate(rows, 1):
        if number >= XLSX_ROW_LIMIT:
            raise SchedulerError(
                say(
                    "%(sheet)s: a sheet has %(most)s rows; write a folder",
                    sheet=name,
                    most=Grouped(XLSX_ROW_LIMIT),
                )
            )
        for place, cell in enumerate(row):
            if isinstance(cell, int):
                sheet.write_number(number, place, cell)
            elif cell:
                _write_text(sheet, number, place, cell)


def _write_text(sheet: Any, number: int, place: int, text: str) -> None:
    if len(text.encode("utf-16-le")) > 2 * XLSX_TEXT_LIMIT:
        raise SchedulerError(
            say(
                "%(sheet)s, row %(row)s: a cell of a workbook holds %(most)s "
                "letters; shorten it, or write a folder",
                sheet=sheet.get_name(),
                row=number + 1,
                most=Grouped(XLSX_TEXT_LIMIT),
            )
        )
    sheet.write_string(number, place, _as_text(text))


def _as_text(text: str) -> str:
    """Protect where nothing runs: only an apostrophe that the reader would take away is doubled."""
    return protect(text) if text.startswith("'") else text
