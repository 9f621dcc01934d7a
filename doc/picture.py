#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""picture.py FILE [SIZE]: the screen of that size ("80x24") in a golden text of
tests/ui/golden as an SVG on stdout, coloured as a terminal has it. It is what the
tests compare, so the picture cannot promise what the program does not show.
"""
import html
import re
import sys

CELL, LINE, EDGE, SIZE = 8.4, 18, 14, 14
GROUND, INK = "#16181c", "#d7dae0"
# As src/ui/term.c: what a sign means has its colour, the words say it too.
LOOKS = (
    (r"✗( fault here| missing| at \S+)?|\[[!?]\]", "#ff6b5e", True),
    (r"✓|(?<=  )(ok|heard)\b|═+", "#4cc267", False),
    (r" ! |[▓]+| measuring …", "#d9975b", False),
    (r"not known yet|─+|· (· )*·?|↓ more.*|[░]+", "#8a919c", False),
)
KEYS = r"(?<= )(?:↑↓|←→|Enter|[bcmq?]|Esc|F\d+)(?= )"


def screen(path, size):
    with open(path, encoding="utf-8") as f:
        for part in f.read().split("==== ")[1:]:
            name, text = part.split("\n", 1)
            if name == size:
                return text.rstrip("\n").split("\n")
    sys.exit("%s has no screen of %s" % (path, size))


def looks_of(line, row, rows):
    """A (colour, bold) for each cell."""
    cells = [(INK, False)] * len(line)
    for pattern, colour, bold in reversed(LOOKS):
        for match in re.finditer(pattern, line):
            cells[match.start():match.end()] = [(colour, bold)] * len(match[0])
    if row == rows - 1:
        cells = [(INK, False)] * len(line)
        for match in re.finditer(KEYS, line):
            cells[match.start():match.end()] = [("#4fb3b3", True)] * len(match[0])
    if row == 0:
        cells = [(INK, True) if i < 9 else cell for i, cell in enumerate(cells)]
    return cells


def runs(line, cells):
    """(column, text, look) of what stands together."""
    start = 0
    for i in range(1, len(line) + 1):
        if i == len(line) or cells[i] != cells[start] or line[i - 1:i + 1] == "  ":
            if line[start:i].strip():
                yield start, line[start:i], cells[start]
            start = i


def main():
    size = sys.argv[2] if len(sys.argv) > 2 else "80x24"
    lines = screen(sys.argv[1], size)
    columns = int(size.split("x")[0])
    width, height = columns * CELL + 2 * EDGE, len(lines) * LINE + 2 * EDGE
    print('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" role="img" aria-label="earshot in a terminal">'
          % (width, height))
    print('<rect width="100%%" height="100%%" rx="8" fill="%s"/>' % GROUND)
    print('<g font-family="DejaVu Sans Mono,Menlo,Consolas,monospace" font-size="%d">' % SIZE)
    for row, line in enumerate(lines):
        y = EDGE + (row + 0.75) * LINE
        for column, text, (colour, bold) in runs(line, looks_of(line, row, len(lines))):
            left = len(text) - len(text.lstrip())
            text = text.strip()
            print('<text x="%.1f" y="%.1f" textLength="%.1f" lengthAdjust="spacingAndGlyphs" fill="%s"%s>%s</text>' %
                  (EDGE + (column + left) * CELL, y, len(text) * CELL, colour,
                   ' font-weight="bold"' if bold else "", html.escape(text)))
    print("</g>\n</svg>")


main()
