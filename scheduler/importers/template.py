"""The empty workbook that people fill in: headers, help, pick lists."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scheduler.errors import SchedulerError
from scheduler.files import write_whole
from scheduler.importers import cells
from scheduler.importers.columns import TABLES, Column, Table
from scheduler.importers.settings import FLAG, REQUIRED, SETTINGS, WEIGHTS, Setting
from scheduler.importers.template_words import EXAMPLES, WORDS, Words
from scheduler.importers.writer import WORKBOOK_OPTIONS
from scheduler.model import Position
from scheduler.sentence import say

_LAST_ROW = 100_000
"""Pick lists and text format reach so far down."""

_PREFILLED = {
    "event.timezone": "Europe/Copenhagen",
    "event.start": "13:00",
    "event.end": "15:30",
    "event.slot_min": "10",
    "event.changeover_min": "2",
}
_CHOICES = {
    "verdict": ("yes", "no"),
    "unavailable.kind": ("student", "company"),
    "decisions.kind": ("pin", "forbid"),
    "positions": tuple(Position),
}
"""By column, or by ``table.column``."""

_MESSAGE_LIMIT = 255
_WIDE = frozenset({"name", "about", "email", "website", "programme", "positions", "languages"})


def write_template(path: Path, language: str = "en") -> None:
    """Write the empty workbook.

    Parameters
    ----------
    language
        Of headers and help, ``en`` or ``da``; sheets, keys and codes are the same in both.

    Raises
    ------
    SchedulerError
        The name does not end with .xlsx, or the place cannot be written.
    """
    if path.suffix.casefold() != ".xlsx":
        raise SchedulerError(
            say(
                "%(path)s: the template is an Excel workbook; give it a name that ends with .xlsx",
                path=path,
            )
        )
    import xlsxwriter  # only who writes a workbook waits for it

    words = WORDS[language]
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, WORKBOOK_OPTIONS)
    pen = _Pen(book, words, is_danish=language == "da")
    pen.write_event(language)
    for table in TABLES:
        pen.write_table(table)
    pen.write_help()
    book.close()
    write_whole(path, stream.getvalue())


class _Pen:
    def __init__(self, book: Any, words: Words, *, is_danish: bool) -> None:
        self._book, self._words, self._is_danish = book, words, is_danish
        self._required = book.add_format({"bold": True, "bg_color": "#D9E7F5", "bottom": 1})
        self._optional = book.add_format({"bg_color": "#F1F1F1", "bottom": 1})
        self._text = book.add_format({"num_format": "@"})
        self._bold = book.add_format({"bold": True})
        self._wrapped = book.add_format({"text_wrap": True, "valign": "top"})

    def write_event(self, language: str) -> None:
        """Write the settings with their defaults."""
        sheet = self._book.add_worksheet("event")
        sheet.freeze_panes(1, 0)
        for place, (header, width) in enumerate(
            zip(self._words.event_headers, (42, 34, 80), strict=True)
        ):
            form = self._optional if place == 2 else self._required
            sheet.set_column(place, place, width, self._text)
            sheet.write_string(0, place, header, form)
        for row, (key, value, setting) in enumerate(_prefilled(language), 1):
            is_required = setting is not None and setting.absent is REQUIRED
            sheet.write_string(row, 0, key, self._bold if is_required else None)
            sheet.write_string(row, 2, self._words.settings[key])
            if value:
                sheet.write_string(row, 1, value, self._text)
            if key == "event.language":
                sheet.data_validation(row, 1, row, 1, {"validate": "list", "source": ["en", "da"]})
            elif setting is not None and setting.kind is FLAG:
                source = ["true", "false"]
                sheet.data_validation(row, 1, row, 1, {"validate": "list", "source": source})

    def write_table(self, table: Table) -> None:
        """Write one sheet: its headers, and what Excel shall know of its columns."""
        sheet = self._book.add_worksheet(table.name)
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(table.columns):
            is_number = column.parse is cells.parse_whole
            width = 28 if column.name in _WIDE else max(14, len(column.danish) + 2)
            sheet.set_column(place, place, width, None if is_number else self._text)
            form = self._required if column.is_required else self._optional
            sheet.write_string(0, place, self._header(column), form)
            sheet.data_validation(1, place, _LAST_ROW, place, self._rule(table, column))

    def _header(self, column: Column) -> str:
        return column.danish if self._is_danish else column.name

    def _rule(self, table: Table, column: Column) -> dict[str, Any]:
        """Make the pick list, or at least the hint, of a column."""
        meaning = self._words.meaning(table.name, column.name)
        example = _example(table.name, column.name)
        rule: dict[str, Any] = {
            "validate": "any",
            "input_title": self._header(column)[:32],
            "input_message": f"{meaning}\n({example})"[:_MESSAGE_LIMIT],
        }
        choices = _CHOICES.get(f"{table.name}.{column.name}") or _CHOICES.get(column.name)
        if choices:
            rule |= {"validate": "list", "source": [str(choice) for choice in choices]}
        if column.name == "positions":
            # several are joined by ; in one cell, which no pick list can say
            rule |= {"error_type": "information", "error_title": self._words.hint_title}
            rule |= {"error_message": meaning[:_MESSAGE_LIMIT]}
        elif column.parse is cells.parse_whole:
            rule |= {"validate": "integer", "criteria": ">=", "value": 0}
            rule |= {"error_message": self._words.whole_number}
        return rule

    def write_help(self) -> None:
        """Write what every column means, in plain words."""
        sheet = self._book.add_worksheet(self._words.help_sheet)
        for place, width in enumerate((14, 24, 14, 80, 28)):
            sheet.set_column(place, place, width)
        for row, line in enumerate(self._words.introduction):
            sheet.write_string(row, 0, line)
        row = len(self._words.introduction) + 1
        for place, header in enumerate(self._words.help_headers):
            sheet.write_string(row, place, header, self._required)
        for below, texts in enumerate(self._help_lines(), row + 1):
            for place, text in enumerate(texts):
                sheet.write_string(below, place, text, self._wrapped)

    def _help_lines(self) -> Iterator[tuple[str, str, str, str, str]]:
        for table in TABLES:
            for column in table.columns:
                yield (
                    table.name,
                    self._header(column),
                    self._words.yes if column.is_required else "",
                    self._words.meaning(table.name, column.name),
                    _example(table.name, column.name),
                )


def _example(table: str, column: str) -> str:
    return EXAMPLES.get(f"{table}.{column}") or EXAMPLES[column]


def _prefilled(language: str) -> Iterator[tuple[str, str, Setting | None]]:
    for setting in SETTINGS:
        value = _PREFILLED.get(setting.key, "")
        if setting.key == "event.language":
            value = language
        elif setting.kind is FLAG:
            value = "true" if setting.absent else "false"
        elif setting.kind is WEIGHTS:
            value = ";".join(map(str, setting.absent))
        elif setting.absent is not REQUIRED:
            value = str(setting.absent)
        yield setting.key, value, setting
        if setting.key == "event.changeover_min":
            yield "event.breaks.1.start", "", None
            yield "event.breaks.1.end", "", None
