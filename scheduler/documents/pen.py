"""The pen that draws a page: texts that always fit, rules, boxes and the foot of the page.

Lengths are in points, with the origin at the lower left; ``MM`` is a millimetre.
"""

from __future__ import annotations

from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from scheduler.documents.lines import Line, break_lines, cut, typeset, widest_word
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
_RISE = 0.65
_CAP_HEIGHT = 0.714
_THICKENING = 0.03
_THICK_FROM = 14.0
_END_OF_TEXT = " ET"


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
class Fit:
    """How a text may break into lines.

    Parameters
    ----------
    lines
        At most so many.
    single
        One line is preferred as long as its type is at least this size; 0 is the style's size.
    is_centred
        More lines spread up and down from where one would stand, a little more up.
    """

    lines: int = 2
    single: float = 0.0
    is_centred: bool = False


ONE_LINE = Fit(1)
TWO_LINES = Fit(2)


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
        self._glyphs: dict[tuple[Line, float], str] = {}

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the page."""
        width, height = self.canvas._pagesize
        return float(width), float(height)

    def label(self, key: str, **values: object) -> str:
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
        fit: Fit = TWO_LINES,
        whose: str = "",
    ) -> float:
        """Draw a text on one or more lines.

        Parameters
        ----------
        y
            The first baseline, or with ``fit.is_centred`` where the baseline of a single line is.

        Returns
        -------
        float
            The baseline of the last line (``y`` when the text is empty).
        """
        rows, size = self.wrap(text, style, width=width, fit=fit, whose=whose)
        if fit.is_centred:
            y += (len(rows) - 1) * leading(size) * _RISE
        for index, row in enumerate(rows):
            if index:
                y -= leading(size)
            self._draw(typeset(row, style.bold), x, y, size, style.grey)
        return y

    def wrap(
        self, text: str, style: Style, *, width: float, fit: Fit = TWO_LINES, whose: str = ""
    ) -> tuple[list[str], float]:
        """Break a text into lines: the rows and the size that fits.

        Notes
        -----
        Words are broken only after hyphens, or where one alone is too wide at the smallest size.
        A text that is still too long then ends in an ellipsis, and a warning is noted.
        """
        line = typeset(text, style.bold)
        if line.missing:
            self.notes.add_missing(whose or text, line.missing)
        smallest = min(style.least or style.size, style.size)
        if line.width * (fit.single or style.size) <= width:
            return ([line.text] if line.text else []), min(style.size, width / (line.width or 1))
        size = min(style.size, fit.single or style.size)
        size = max(smallest, min(size, 0.999 * width / (widest_word(line.text, style.bold) or 1)))
        rows = break_lines(line.text, width / size, style.bold)
        while len(rows) > fit.lines and size > smallest:
            size = max(smallest, size * _STEP)
            rows = break_lines(line.text, width / size, style.bold)
        if len(rows) > fit.lines:
            rest = "".join(rows[fit.lines - 1 :])
            shorter = cut(rest, width / size, style.bold)
            rows = [*rows[: fit.lines - 1], shorter]
            self.notes.add_cut(whose or text, line.text, "".join(rows))
        return [row.rstrip(" ") for row in rows], size

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
        y += 0.25 * size
        used = self._version(x + width, y, style)
        left = width - used - 4 * MM
        date = f"· {self.letterhead.date}"
        blank = 0.26 * size
        name = min(text_width(self.letterhead.event, style), left * 0.7)
        name = self.text(x, y, self.letterhead.event, style, width=name) + blank
        self.text(x + name, y, date, style, width=left - name)

    def foot_of_card(self, x: float, y: float, width: float, size: float) -> None:
        """The same on two lines, for a narrow piece of paper."""
        style = Style(size, grey=GREY, least=size * 0.75)
        y += 0.25 * size
        used = self._version(x + width, y, style)
        self.text(x, y, self.letterhead.date, style, width=width - used - 4 * MM)
        self.text(x, y + leading(size), self.letterhead.event, style, width=width)

    def _version(self, right: float, y: float, style: Style) -> float:
        page = self.label("page", number=self.number, count=self.count)
        text = f"{self.label('version', stamp=self.letterhead.stamp)} · {page}"
        return self.text(right, y, text, style, align="right")

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
        key = (line, size)
        glyphs = self._glyphs.get(key)
        if glyphs is None:
            glyphs = self._glyphs[key] = self._glyph_operators(line, size)
        code = f"BT {grey:g} g 1 0 0 1 {x:.2f} {y:.2f} Tm {glyphs}"
        if size >= _THICK_FROM and any(run.is_thickened for run in line.runs):
            code = f"{grey:g} G {size * _THICKENING:.2f} w {code}"
        if not line.is_literal:
            # ISO 32000-1, 14.9.4: what a reader copies and searches instead of joined glyphs
            actual = line.text.encode("utf-16-be").hex().upper()
            code = f"/Span <</ActualText <FEFF{actual}>>> BDC {code} EMC"
        self.canvas.addLiteral(code)

    def _glyph_operators(self, line: Line, size: float) -> str:
        """PDF operators of a line up to ``ET``, the same wherever it stands in the document."""
        ink = self.canvas.beginText(0, 0)
        start = len(ink.getCode()) - len(_END_OF_TEXT)
        is_thick = False
        for run in line.runs:
            # small strokes would run together; viewers draw none thinner than a pixel
            if (run.is_thickened and size >= _THICK_FROM) != is_thick:
                is_thick = not is_thick
                ink.setTextRenderMode(2 if is_thick else 0)
            ink.setFont(run.face.name, size)
            ink.textOut(run.glyphs)
        if is_thick:
            ink.setTextRenderMode(0)
        return str(ink.getCode()[start:])


def leading(size: float) -> float:
    """From one baseline to the next."""
    return size * 1.22


def text_width(text: str, style: Style) -> float:
    """Width of a text at its full size."""
    return typeset(text, style.bold).width * style.size
