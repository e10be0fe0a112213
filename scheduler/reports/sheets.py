"""Plain workbooks, written fast: text and numbers, a bold frozen header, column widths.

An .xlsx file is a zip of a few XML parts (ECMA-376, part 1, SpreadsheetML). Only what result tables
need is written; the template, which needs formats and pick lists, is made with XlsxWriter. Why not
both: docs/decisions/0004-result-workbooks.md.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

Cell = str | int | float | None

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
"""Spreadsheets read ``_x0041_`` as ``A`` (ST_Xstring), unless its underscore is escaped."""
_COMPRESSION = 1
"""zlib level: a third of the time of the default for a tenth more bytes."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A named table; the name fits what a workbook takes.

    Parameters
    ----------
    widths
        Of the columns, in characters.
    """

    name: str
    header: Sequence[str]
    widths: Sequence[int]
    rows: Iterable[Sequence[Cell]]


def workbook_bytes(sheets: Sequence[Sheet], *, day: dt.date) -> bytes:
    """Write the sheets in order; equal input gives equal bytes.

    Parameters
    ----------
    day
        Date that the files inside carry.
    """
    stream = io.BytesIO()
    stamp = (max(1980, day.year), day.month, day.day, 0, 0, 0)  # a zip begins in 1980
    texts = _Texts()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=_COMPRESSION) as book:

        def add(name: str, content: str) -> None:
            entry = zipfile.ZipInfo(name, stamp)
            entry.compress_type = zipfile.ZIP_DEFLATED
            book.writestr(entry, (_DECLARATION + content).encode(), compresslevel=_COMPRESSION)

        for name, content in _parts(sheets):
            add(name, content)
        for number, sheet in enumerate(sheets, 1):
            add(f"xl/worksheets/sheet{number}.xml", _sheet(sheet, texts))
    return stream.getvalue()


class _Texts(dict[Cell, str]):
    """The XML of a cell by its value, made once; names repeat on every sheet."""

    def __missing__(self, value: Cell) -> str:
        if value is None or value == "":
            cell = "<c/>"
        elif isinstance(value, int | float):
            cell = f"<c><v>{value}</v></c>"
        else:
            text = escape(_LOOKS_ESCAPED.sub("_x005F_", value))
            cell = f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
        self[value] = cell
        return cell


def _sheet(sheet: Sheet, texts: _Texts) -> str:
    widths = "".join(
        f'<col min="{place}" max="{place}" width="{width}" customWidth="1"/>'
        for place, width in enumerate(sheet.widths, 1)
    )
    header = "".join(
        f'<c s="1" t="inlineStr"><is><t>{escape(name)}</t></is></c>' for name in sheet.header
    )
    rows = "".join(f"<row>{''.join([texts[cell] for cell in row])}</row>" for row in sheet.rows)
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        f"</sheetView></sheetViews><cols>{widths}</cols>"
        f"<sheetData><row>{header}</row>{rows}</sheetData></worksheet>"
    )


def _parts(sheets: Sequence[Sheet]) -> Iterable[tuple[str, str]]:
    numbers = range(1, len(sheets) + 1)
    yield (
        "[Content_Types].xml",
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
        + "".join(
            f'<Override PartName="/xl/worksheets/sheet{number}.xml" '
            f'ContentType="{_TYPE}.worksheet+xml"/>'
            for number in numbers
        )
        + "</Types>",
    )
    yield (
        "_rels/.rels",
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    )
    yield (
        "xl/workbook.xml",
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        + "".join(
            f'<sheet name="{escape(sheet.name)}" sheetId="{number}" r:id="rId{number}"/>'
            for number, sheet in zip(numbers, sheets, strict=True)
        )
        + "</sheets></workbook>",
    )
    yield (
        "xl/_rels/workbook.xml.rels",
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet" '
            f'Target="worksheets/sheet{number}.xml"/>'
            for number in numbers
        )
        + f'<Relationship Id="rId{len(sheets) + 1}" Type="{_OFFICE}/styles" '
        'Target="styles.xml"/></Relationships>',
    )
    yield (
        "xl/styles.xml",
        f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/>'
        '</font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border/></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
        '</cellStyleXfs><cellXfs count="2">'
        '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
        '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/>'
        "</cellStyles></styleSheet>",
    )
