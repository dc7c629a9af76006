"""QR codes as one vector path, without markup of anybody else's."""

from dataclasses import dataclass

import segno

QUIET_ZONE = 2


@dataclass(frozen=True)
class QrCode:
    """A square of `size` modules, its margin included, and the dark ones as an SVG path."""

    size: int
    path: str


def qr_code(text: str) -> QrCode:
    rows = segno.make_qr(text, error="m").matrix_iter(border=QUIET_ZONE)
    size, parts = 0, []
    for y, row in enumerate(rows):
        size = len(row)
        x = 0
        while x < size:
            width = 0
            while x + width < size and row[x + width]:
                width += 1
            if width:
                parts.append(f"M{x} {y}h{width}v1h-{width}z")
            x += width or 1
    return QrCode(size, "".join(parts))
