"""Workbooks (.xlsx) to grids, looking at what is inside before any reader unpacks it.

The limits are those of the web upload (OWASP, file upload and zip bomb advice). Every entry is
unpacked once here, within the limits, and the reader gets a copy that is not packed: what was
looked at is what is read.
"""

from __future__ import annotations

import datetime as dt
import io
import math
import re
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.importers.grid import OLE_MAGIC, FileFault, Grid, read_bytes
from scheduler.sentence import Grouped, say

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

PACKED_LIMIT_BYTES = 10 * 1024 * 1024
UNPACKED_LIMIT_BYTES = 100 * 1024 * 1024
ENTRY_LIMIT = 1_000
RATIO_LIMIT = 100
CELL_LIMIT = 8_000_000
"""Of the rectangle that holds a sheet's cells; the reader makes room for all of it."""
TEXT_COPIES_LIMIT_BYTES = 2**31
"""Longest text times cells that refer to texts: the reader copies it for each."""

_DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")
_ERROR_CELL = re.compile(rb"""(<(?:\w+:)?c\b[^>]*?\bt\s*=\s*)(?:"e"|'e')""")
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_CELL_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,9})([0-9]{1,9})["']""")
_ROW_PLACE = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\br\s*=\s*["']([0-9]{1,9})["']""")
_ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
_TEXT_ITEM = re.compile(rb"<(?:\w+:)?si[\s/>]")


class Workbook:
    """An open workbook; sheets are read when they are asked for.

    Raises
    ------
    FileFault
        Not a workbook, too large, or with a document type declaration.
    """

    def __init__(self, path: Path) -> None:
        self._reader = _open(read_bytes(path, PACKED_LIMIT_BYTES))

    @property
    def sheet_names(self) -> list[str]:
        """Every sheet, as it is written."""
        return list(self._reader.sheet_names)

    def grid(self, sheet: str) -> Grid:
        """Read one sheet.

        Raises
        ------
        FileFault
            The sheet is damaged.
        """
        try:
            rows = self._reader.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        except BaseException as error:
            raise _fault_of_reader(error) from error
        table = sheet.strip().casefold()
        return Grid(table, table, [[_text(cell) for cell in row] for row in rows])


def _open(content: bytes) -> CalamineWorkbook:
    if content.startswith(OLE_MAGIC):
        raise FileFault(
            say("is an old (.xls) or locked workbook"), say("save it as .xlsx, without a password")
        )
    plain = _unpacked(content)
    import python_calamine  # only who reads a workbook waits for it

    try:
        return python_calamine.CalamineWorkbook.from_filelike(plain)
    except BaseException as error:
        raise _fault_of_reader(error) from error


def _fault_of_reader(error: BaseException) -> FileFault:
    """Turn a damaged workbook into a fault; anything that is not the reader's goes on."""
    if isinstance(error, Exception) or type(error).__name__ == "PanicException":
        return FileFault(
            say("is a damaged workbook (%(error)s)", error=str(error)),
            say("open it and save it again as .xlsx"),
        )
    raise error


def _unpacked(content: bytes) -> io.BytesIO:
    plain = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed, zipfile.ZipFile(plain, "w") as copy:
            entries = packed.infolist()
            _look_at_sizes(entries, len(content))
            names = {entry.filename for entry in entries}
            if "xl/workbook.xml" not in names:
                raise FileFault(
                    say("is not an .xlsx workbook"), say("save it as .xlsx (Excel workbook)")
                )
            if len(names) < len(entries):
                raise FileFault(
                    say("holds a file twice"), say("open it and save it again as .xlsx")
                )
            parts = {
                entry.filename: packed.read(entry)
                for entry in entries
                if entry.filename.casefold().endswith((".xml", ".rels"))
            }
            longest = max(map(_longest_text, parts.values()), default=0)
            for name, part in parts.items():
                copy.writestr(name, _look_at_part(part, longest))
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, KeyError, OSError) as error:
        raise FileFault(
            say("is not an .xlsx workbook, or a damaged one"),
            say("open it and save it again as .xlsx"),
        ) from error
    except (NotImplementedError, RuntimeError) as error:
        raise FileFault(
            say("is locked or packed in an unknown way"), say("save it as .xlsx")
        ) from error
    plain.seek(0)
    return plain


def _look_at_sizes(entries: list[zipfile.ZipInfo], packed_bytes: int) -> None:
    unpacked_bytes = sum(entry.file_size for entry in entries)
    remedy = say("copy the tables into a new workbook, or save each sheet as CSV")
    if len(entries) > ENTRY_LIMIT:
        raise FileFault(
            say(
                "holds %(files)s files, more than %(most)s",
                files=Grouped(len(entries)),
                most=Grouped(ENTRY_LIMIT),
            ),
            remedy,
        )
    if unpacked_bytes > UNPACKED_LIMIT_BYTES:
        raise FileFault(
            say(
                "unpacks to %(size)s MB, more than %(most)s MB",
                size=Grouped(round(unpacked_bytes / 2**20)),
                most=UNPACKED_LIMIT_BYTES // 2**20,
            ),
            remedy,
        )
    if unpacked_bytes > RATIO_LIMIT * packed_bytes:
        raise FileFault(
            say("unpacks to more than %(ratio)s times its size", ratio=RATIO_LIMIT),
            remedy,
        )


def _longest_text(part: bytes) -> int:
    return max(map(len, _TEXT_ITEM.split(part)[1:]), default=0)


def _look_at_part(part: bytes, longest_text: int) -> bytes:
    if b"\0" in part[:4] or any(mark in part for mark in _DECLARATIONS):
        raise FileFault(
            say("holds a document type declaration or UTF-16"),
            say("open it and save it again as .xlsx"),
        )
    if b"sheetData" not in part:
        return part
    cells = len(_CELL.findall(part))
    if _rectangle(part, cells) > CELL_LIMIT:
        raise FileFault(
            say("a sheet has cells far to the right or far below"),
            say("copy the tables into a new workbook"),
        )
    if cells * longest_text > TEXT_COPIES_LIMIT_BYTES:
        raise FileFault(say("holds very long texts in very many cells"), say("shorten the texts"))
    return _ERROR_CELL.sub(rb'\1"str"', part)


def _rectangle(part: bytes, cells: int) -> int:
    """Size of the rectangle from A1 that holds every cell (at most, when cells have no place)."""
    last_row = last_column = placed = 0
    for letters, digits in _CELL_PLACE.findall(part):
        placed += 1
        last_row = max(last_row, int(digits))
        last_column = max(last_column, _column_number(letters))
    if placed < cells:
        rows = _ROW.split(part)
        last_row += max(map(int, _ROW_PLACE.findall(part)), default=0) + len(rows)
        last_column += max(len(_CELL.findall(row)) for row in rows)
    return last_row * last_column


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _text(
    cell: int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta,
) -> str:
    """Write a cell as a person would type it."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float | int):
        is_whole = math.isfinite(cell) and cell == int(cell)
        return str(int(cell)) if is_whole else repr(cell)
    if isinstance(cell, dt.timedelta):
        return _clock_of_seconds(round(cell.total_seconds()))
    if isinstance(cell, dt.time):
        seconds = cell.hour * 3600 + cell.minute * 60 + cell.second + round(cell.microsecond / 1e6)
        return _clock_of_seconds(seconds)
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    return cell.isoformat()


def _clock_of_seconds(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    return f"{hours:02d}:{rest // 60:02d}" + (f":{rest % 60:02d}" if rest % 60 else "")
