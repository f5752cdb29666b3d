# SPDX-License-Identifier: GPL-3.0-or-later
"""Bar charts as SVG, legible on a light and on a dark page."""
from xml.sax.saxutils import escape

WIDTH, LEFT, ROW, TOP = 720, 190, 28, 48


def bars(title, values, own):
    """`values`: [(name, number)]; the bar of `own` is the one that stands out."""
    largest = max(value for _, value in values) or 1
    height = TOP + ROW * len(values) + 12
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
             f'role="img" aria-label="{escape(title)}" font-family="system-ui, sans-serif" font-size="13">',
             f'<rect width="{WIDTH}" height="{height}" rx="6" fill="#ffffff"/>',
             f'<text x="16" y="28" font-size="16" font-weight="600" fill="#1b1f24">{escape(title)}</text>']
    for i, (name, value) in enumerate(values):
        y = TOP + ROW * i
        length = max(2.0, (WIDTH - LEFT - 110) * max(value, 0) / largest)
        weight = ' font-weight="600"' if name == own else ""
        parts += [f'<text x="{LEFT - 10}" y="{y + 16}" text-anchor="end" fill="#1b1f24"{weight}>{escape(name)}</text>',
                  f'<rect x="{LEFT}" y="{y + 3}" width="{length:.1f}" height="{ROW - 10}" rx="2" '
                  f'fill="{"#1f6feb" if name == own else "#9aa7b4"}"/>',
                  f'<text x="{LEFT + length + 8:.1f}" y="{y + 16}" fill="#1b1f24"{weight}>{value:,.1f}</text>']
    return "\n".join(parts + ["</svg>"]) + "\n"
