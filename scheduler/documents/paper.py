"""Pages to PDF bytes: one canvas, the same for every kind of document."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

from reportlab import rl_config
from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from scheduler.documents.notes import Notes
from scheduler.documents.pen import Letterhead, Pen
from scheduler.documents.typefaces import LATIN, typeface

Page = Callable[[Pen], None]
"""Draws one page."""


def make_pdf(
    pages: Sequence[Page],
    size: tuple[float, float],
    *,
    title: str,
    letterhead: Letterhead,
    notes: Notes,
    is_duplex: bool = False,
) -> bytes:
    """Draw pages of one size, at least one.

    Parameters
    ----------
    is_duplex
        Asks the print dialogue for both sides, turned over the long edge.

    Notes
    -----
    The same pages give the same bytes. The file asks to be printed at actual size, since badges
    and signs must not be scaled; it has no script, no attachment and no link.
    """
    rl_config.useA85 = 0  # plain bytes: a fifth smaller, a tenth faster
    typeface(LATIN.regular)
    buffer = io.BytesIO()
    canvas = Canvas(
        buffer, pagesize=size, invariant=1, pageCompression=1, initialFontName=LATIN.regular
    )
    canvas.setTitle(f"{title} – {letterhead.event}")
    canvas.setSubject(letterhead.date)
    canvas.setAuthor("")
    canvas.setCreator("Company Dating")
    canvas.setCatalogEntry("Lang", pdfdoc.PDFString(letterhead.language))
    canvas.setViewerPreference("PrintScaling", "None")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    if is_duplex:
        canvas.setViewerPreference("Duplex", "DuplexFlipLongEdge")
    pen = Pen(canvas, letterhead, notes, len(pages))
    for number, page in enumerate(pages, start=1):
        pen.number = number
        page(pen)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()
