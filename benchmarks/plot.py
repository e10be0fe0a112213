"""A log-log line chart as SVG, readable on light and on dark pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from math import ceil, floor, log10

Points = Sequence[tuple[float, float, bool]]
"""Across, up, and whether the point is whole: an open one is only a limit that was passed."""
WIDTH, HEIGHT = 640, 400
LEFT, RIGHT, TOP, BOTTOM = 70, 150, 40, 50
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")
"""Okabe and Ito (2008): told apart by people with any colour vision."""
STYLE = (
    "text{font:13px sans-serif;fill:#222}.axis{stroke:#888;fill:none}.grid{stroke:#8884;fill:none}"
    "@media(prefers-color-scheme:dark){text{fill:#ddd}}"
)


def log_chart(title: str, x_label: str, y_label: str, lines: Mapping[str, Points]) -> str:
    """Draw named lines, their points marked, both axes logarithmic."""
    xs = [x for points in lines.values() for x, _, _ in points]
    ys = [y for points in lines.values() for _, y, _ in points]
    x_range = floor(log10(min(xs))), ceil(log10(max(xs)))
    y_range = floor(log10(min(ys))), ceil(log10(max(ys)))

    def across(x: float) -> float:
        share = (log10(x) - x_range[0]) / max(1, x_range[1] - x_range[0])
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def up(y: float) -> float:
        share = (log10(y) - y_range[0]) / max(1, y_range[1] - y_range[0])
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>{escape(title)}</title><style>{STYLE}</style>",
        f'<text x="{LEFT}" y="22">{escape(title)}</text>',
    ]
    for power in range(x_range[0], x_range[1] + 1):
        x = across(10.0**power)
        parts.append(f'<path class="grid" d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}"/>')
        parts.append(_text(x, HEIGHT - BOTTOM + 18, f"{10**power:,}", "middle"))
    for power in range(y_range[0], y_range[1] + 1):
        y = up(10.0**power)
        parts.append(f'<path class="grid" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>')
        parts.append(_text(LEFT - 6, y + 4, f"{10.0**power:,g}", "end"))
    parts.append(f'<path class="axis" d="M{LEFT} {TOP}V{HEIGHT - BOTTOM}H{WIDTH - RIGHT}"/>')
    parts.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, x_label, "middle"))
    parts.append(f'<text transform="translate(16 {HEIGHT / 2}) rotate(-90)" text-anchor="middle">')
    parts.append(f"{escape(y_label)}</text>")
    for (name, points), colour in zip(lines.items(), COLOURS, strict=False):
        at = [(across(x), up(y), colour if is_whole else "none") for x, y, is_whole in points]
        way = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in at)
        parts.append(f'<polyline points="{way}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" stroke="{colour}" fill="{fill}"/>'
            for x, y, fill in at
        ]
        parts.append(_text(at[-1][0] + 8, at[-1][1] + 4, name, "start"))
    return "\n".join([*parts, "</svg>", ""])


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'
