"""Bytes to rows of cells: text files as people's spreadsheets write them."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scheduler.errors import ImportFileError, Problem
from scheduler.sentence import NOTHING, Grouped, Sentence, say

TEXT_LIMIT_BYTES = 100 * 1024 * 1024
"""Of one text file; as much as a workbook may hold when unpacked."""

ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0"
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of one file or sheet, as text.

    Parameters
    ----------
    table
        Name without ending.
    label
        What a message calls it: ``students.csv``, or the sheet's name.
    records
        All rows from row 1 on, blank ones too.
    """

    table: str
    label: str
    records: list[list[str]]

    def header(self) -> tuple[int, list[str]] | None:
        """Find the first row that is not blank, with its number; None in an empty file."""
        for number, record in enumerate(self.records, 1):
            if any(cell.strip() for cell in record):
                return number, record
        return None

    def rows(self, after: int) -> Iterator[tuple[int, list[str]]]:
        """Give the rows below row ``after`` that are not blank, with their numbers."""
        for number, record in enumerate(self.records[after:], after + 1):
            if any(record) and (record[0].strip() or any(map(str.strip, record))):
                yield number, record


class FileFault(Exception):  # noqa: N818 - becomes a Problem, never leaves this package
    """A file that cannot be read at all: what is wrong, and what to do."""

    def __init__(
        self, reason: Sentence, remedy: Sentence = NOTHING, row: int | None = None
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy
        self.row = row

    def problem(self, table: str, label: str) -> Problem:
        """Say where it is."""
        return Problem(table, self.reason, self.remedy, file=label, row=self.row)


def refuse(
    path: Path, reason: Sentence, remedy: Sentence = NOTHING, row: int | None = None
) -> ImportFileError:
    """Make the error of a path that is no event, no timetable, nothing to read at all."""
    return ImportFileError([Problem(path.stem, reason, remedy, file=str(path), row=row)])


def read_bytes(path: Path, limit_bytes: int = TEXT_LIMIT_BYTES) -> bytes:
    """Read a file, looking at its size first.

    Raises
    ------
    FileFault
        It cannot be read, or is too large.
    """
    try:
        size = path.stat().st_size
        if size > limit_bytes:
            raise FileFault(
                say(
                    "%(size)s MB is more than the %(most)s MB allowed",
                    size=Grouped(round(size / 2**20)),
                    most=limit_bytes // 2**20,
                ),
                say("remove pictures and unused sheets, or save each sheet as CSV"),
            )
        return path.read_bytes()
    except FileNotFoundError as error:
        raise FileFault(say("there is no such file"), say("check the path")) from error
    except IsADirectoryError as error:
        raise FileFault(say("is a folder"), say("give one file in it")) from error
    except OSError as error:
        raise FileFault(
            say("cannot be read (%(error)s)", error=error.strerror),
            say("close it elsewhere, or check its permissions"),
        ) from error


def decode(content: bytes) -> str:
    """Make text of UTF-8 with or without BOM, UTF-16 or Windows-1252.

    Raises
    ------
    FileFault
        None of these.
    """
    if content.startswith((ZIP_MAGIC, OLE_MAGIC)):
        raise FileFault(
            say("this is a workbook, not a text file"), say("save the sheet as CSV UTF-8")
        )
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise FileFault(
                say("holds NUL bytes, so it is not a text file"), say("save it as CSV UTF-8")
            )
        return text
    raise FileFault(say("is neither UTF-8, UTF-16 nor Windows-1252"), say("save it as CSV UTF-8"))


def _encodings(content: bytes) -> tuple[str, ...]:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    sample = content[:2000]
    zeros = sample.count(0)
    if zeros and zeros * 5 > len(sample) * 2:
        return ("utf-16-le",) if sample[1::2].count(0) > sample[::2].count(0) else ("utf-16-be",)
    return ("utf-8-sig", "cp1252")


def parse_csv(text: str) -> list[list[str]]:
    """Cut text into rows of cells; blank rows stay, as the spreadsheet shows them.

    Raises
    ------
    FileFault
        A quotation mark that never ends, or a cell beyond the limit of 131,072 characters.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    told = _SEPARATOR_LINE.match(text)
    if told:
        text = text[told.end() :]
    delimiter = told[1] if told else _delimiter(text)
    records: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            records.append(record)
    except csv.Error as error:
        raise FileFault(
            say("cannot be cut into cells (%(error)s)", error=str(error)),
            say("look for a quotation mark that is not closed"),
            row=len(records) + 1,
        ) from error
    return records


def _delimiter(text: str) -> str:
    header = next((line for line in text.split("\n", 1000) if line.strip()), "")
    outside = "".join(header.split('"')[::2])
    return max(",;\t", key=outside.count)
