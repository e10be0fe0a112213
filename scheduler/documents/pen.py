"""The pen that draws a page: texts that always fit, rules, boxes and the foot of the page.

Lengths are in points, with the origin at the lower left; ``MM`` is a millimetre.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from scheduler.documents.lines import Line, clean, cut, typeset
from scheduler.documents.notes import Notes
from scheduler.reports.words import label

MM = 72 / 25.4
MARGIN = 10 * MM
A4 = (210 * MM, 297 * MM)
A4_LANDSCAPE = (297 * MM, 210 * MM)
A3_LANDSCAPE = (420 * MM, 297 * MM)

INK = 0.0
GREY = 0.32
"""Second voice: still black enough for a tired office printer."""
HAIRLINE = 0.4
_STEP = 0.94
_CAP_HEIGHT = 0.714
_THICKENING = 0.035


@dataclass(frozen=True, slots=True)
class Style:
    """How a text looks.

    Parameters
    ----------
    size
        In points.
    least
        The smallest size to which a text too long is shrunk before it is cut; 0 never shrinks.
    grey
        0 is black.
    """

    size: float
    bold: bool = False
    least: float = 0.0
    grey: float = INK

    @property
    def cap_height(self) -> float:
        """Height of a capital letter."""
        return self.size * _CAP_HEIGHT


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What every page says: the event, its date in words, the version, in which language."""

    event: str
    date: str
    stamp: str
    language: str


class Pen:
    """Draws on the pages of one document.

    Parameters
    ----------
    canvas
        Of ReportLab.
    letterhead
        For the foot of the pages.
    notes
        Takes what could not be printed as written.
    number, count
        This page and how many there are.
    """

    def __init__(self, canvas: Canvas, letterhead: Letterhead, notes: Notes, count: int) -> None:
        self.canvas = canvas
        self.letterhead = letterhead
        self.notes = notes
        self.number = 1
        self.count = count

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the page."""
        width, height = self.canvas._pagesize
        return float(width), float(height)

    def say(self, key: str, **values: object) -> str:
        """A label in the language of the event."""
        return label(key, self.letterhead.language, **values)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        style: Style,
        *,
        width: float | None = None,
        align: str = "left",
        whose: str = "",
    ) -> float:
        """Draw one line with its baseline at ``y``.

        Parameters
        ----------
        width
            The line is shrunk, then cut with an ellipsis, to fit; None never.
        align
            ``left``, ``right`` or ``centre`` of ``x``.
        whose
            The person or thing a warning is to name; the text itself when empty.

        Returns
        -------
        float
            The width drawn.
        """
        line, size = self._fit(text, style, width, whose or text)
        drawn = line.width * size
        shift = {"left": 0.0, "right": drawn, "centre": drawn / 2}[align]
        self._draw(line, x - shift, y, size, style.grey)
        return drawn

    def block(
        self,
        x: float,
        y: float,
        text: str,
        style: Style,
        *,
        width: float,
        lines: int = 2,
        whose: str = "",
    ) -> float:
        """Draw a text on up to ``lines`` lines, the first baseline at ``y``.

        Returns
        -------
        float
            The baseline of the last line (``y`` when the text is empty).
        """
        rows, size = self.wrap(text, style, width=width, lines=lines, whose=whose)
        for index, row in enumerate(rows):
            if index:
                y -= leading(size)
            self._draw(typeset(row, style.bold), x, y, size, style.grey)
        return y

    def wrap(
        self, text: str, style: Style, *, width: float, lines: int = 2, whose: str = ""
    ) -> tuple[list[str], float]:
        """Break a text into at most ``lines`` lines: the rows and the size that fits.

        Notes
        -----
        Words are broken only where one alone is too wide. A text that is still too long at its
        smallest size ends in an ellipsis, and a warning is noted.
        """
        text = self._printed(text, style, whose or text)
        size = style.size
        rows = _break(text, width / size, style.bold)
        smallest = style.least or style.size
        while len(rows) > lines and size > smallest:
            size = max(smallest, size * _STEP)
            rows = _break(text, width / size, style.bold)
        if len(rows) > lines:
            rest = " ".join(rows[lines - 1 :])
            rows = [*rows[: lines - 1], cut(rest, width / size, style.bold)]
            self.notes.add_cut(whose or text, text, " ".join(rows))
        return rows, size

    def rule(
        self, x: float, y: float, width: float, *, weight: float = HAIRLINE, grey: float = INK
    ) -> None:
        """Draw a horizontal line to the right of a point."""
        self.canvas.setLineWidth(weight)
        self.canvas.setStrokeGray(grey)
        self.canvas.line(x, y, x + width, y)

    def upright(
        self, x: float, y: float, height: float, *, weight: float = HAIRLINE, grey: float = INK
    ) -> None:
        """Draw a vertical line up from a point."""
        self.canvas.setLineWidth(weight)
        self.canvas.setStrokeGray(grey)
        self.canvas.line(x, y, x, y + height)

    def box(self, x: float, y: float, width: float, height: float, *, weight: float = 0.8) -> None:
        """Draw an empty box, its lower left corner at a point."""
        self.canvas.setLineWidth(weight)
        self.canvas.setStrokeGray(INK)
        self.canvas.rect(x, y, width, height, stroke=1, fill=0)

    def panel(self, x: float, y: float, width: float, height: float, *, grey: float = 0.93) -> None:
        """Tint a rectangle, lightly enough for black text and a black-and-white printer."""
        self.canvas.setFillGray(grey)
        self.canvas.rect(x, y, width, height, stroke=0, fill=1)

    def cut_line(self, x1: float, y1: float, x2: float, y2: float) -> None:
        """Draw a dashed line to cut along."""
        self.canvas.saveState()
        self.canvas.setDash(2, 3)
        self.canvas.setLineWidth(HAIRLINE)
        self.canvas.setStrokeGray(0.5)
        self.canvas.line(x1, y1, x2, y2)
        self.canvas.restoreState()

    def foot(self, x: float = MARGIN, y: float = MARGIN, width: float = 0, size: float = 7) -> None:
        """Event and date on the left, version and page on the right, over the whole width."""
        width = width or self.size[0] - 2 * x
        style = Style(size, grey=GREY, least=size * 0.75)
        page = self.say("page", number=self.number, count=self.count)
        right = f"{self.say('version', stamp=self.letterhead.stamp)}  ·  {page}"
        y += 0.25 * size
        used = self.text(x + width, y, right, style, align="right")
        left = width - used - 4 * MM
        date = f"  ·  {self.letterhead.date}"
        after = min(typeset(date).width * size, left * 0.6)
        name = self.text(x, y, self.letterhead.event, style, width=left - after)
        self.text(x + name, y, date, style, width=after + 1)

    def _printed(self, text: str, style: Style, whose: str) -> str:
        line = typeset(text, style.bold)
        if line.missing:
            self.notes.add_missing(whose, line.missing)
        return line.text

    def _fit(self, text: str, style: Style, width: float | None, whose: str) -> tuple[Line, float]:
        line = typeset(text, style.bold)
        if line.missing:
            self.notes.add_missing(whose, line.missing)
        size = style.size
        if width is None or line.width * size <= width:
            return line, size
        size = max(min(style.least or size, size), width / line.width)
        if line.width * size <= width + 0.01:
            return line, size
        shorter = cut(line.text, width / size, style.bold)
        self.notes.add_cut(whose, line.text, shorter)
        return typeset(shorter, style.bold), size

    def _draw(self, line: Line, x: float, y: float, size: float, grey: float) -> None:
        if not line.runs:
            return
        canvas = self.canvas
        if not line.is_literal:
            # ISO 32000-1, 14.9.4: what a reader copies and searches instead of joined glyphs
            actual = line.text.encode("utf-16-be").hex().upper()
            canvas.addLiteral(f"/Span <</ActualText <FEFF{actual}>>> BDC")
        ink = canvas.beginText(x, y)
        ink.setFillGray(grey)
        is_thick = False
        for run in line.runs:
            if run.is_thickened != is_thick:
                is_thick = run.is_thickened
                ink.setTextRenderMode(2 if is_thick else 0)
                if is_thick:
                    ink.setStrokeGray(grey)
                    canvas.setLineWidth(size * _THICKENING)
            ink.setFont(run.face.name, size)
            ink.textOut(run.glyphs)
        if is_thick:
            ink.setTextRenderMode(0)
        canvas.drawText(ink)
        if not line.is_literal:
            canvas.addLiteral("EMC")


def leading(size: float) -> float:
    """From one baseline to the next."""
    return size * 1.22


def text_width(text: str, style: Style) -> float:
    """Width of a text at its full size."""
    return typeset(text, style.bold).width * style.size


def _break(text: str, width: float, bold: bool) -> list[str]:
    """Rows no wider than ``width`` (at size 1)."""
    rows: list[str] = []
    row = ""
    for word in _breakable(clean(text).split(), width, bold):
        longer = f"{row} {word}" if row else word
        if row and typeset(longer, bold).width > width:
            rows.append(row)
            row = word
        else:
            row = longer
    return [*rows, row] if row else rows


def _breakable(words: Sequence[str], width: float, bold: bool) -> list[str]:
    """Words, one too wide for a whole row cut into pieces."""
    pieces = []
    for word in words:
        rest = word
        while rest and typeset(rest, bold).width > width:
            head = cut(rest, width, bold)[:-1] or rest[0]
            pieces.append(head)
            rest = rest[len(head) :]
        if rest:
            pieces.append(rest)
    return pieces
