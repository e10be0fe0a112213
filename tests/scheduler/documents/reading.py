"""Reading PDFs back: their text, and their pages as pictures."""

import io

import numpy as np
import numpy.typing as npt
import pypdf
import pypdfium2 as pdfium

MM = 72 / 25.4
DARK = 200


def texts(content: bytes) -> list[str]:
    """The text of every page, on one line."""
    reader = pypdf.PdfReader(io.BytesIO(content))
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def sizes(content: bytes) -> dict[str, float]:
    """The lines of the first page in the order they are drawn, each with its size in points."""
    found: dict[str, float] = {}

    def visit(text: str, *more: object) -> None:
        found[text.strip()] = round(float(str(more[-1])), 2)

    pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text(visitor_text=visit)
    return found


def pictures(content: bytes, scale: float = 1.0) -> list[npt.NDArray[np.uint8]]:
    """Every page as grey levels."""
    document = pdfium.PdfDocument(content)
    try:
        return [
            np.asarray(page.render(scale=scale).to_pil().convert("L"), dtype=np.uint8)
            for page in document
        ]
    finally:
        document.close()


def ink_in_margins(picture: npt.NDArray[np.uint8], scale: float = 1.0) -> int:
    """Dark pixels nearer than 10 mm to an edge of the paper."""
    edge = int((10 * MM - 1) * scale)
    inside = np.zeros(picture.shape, dtype=bool)
    inside[edge:-edge, edge:-edge] = True
    return int(((picture < DARK) & ~inside).sum())


def ink(picture: npt.NDArray[np.uint8]) -> int:
    """Dark pixels of a page."""
    return int((picture < DARK).sum())
