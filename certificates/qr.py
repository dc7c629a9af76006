"""QR codes as one vector path, without markup of anybody else's."""

from dataclasses import dataclass
from typing import Any

import segno

QUIET_ZONE = 2
# One of the eight patterns that may lie over a code. Trying them all out is what takes time, and
# readers do not mind.
MASK = 2


@dataclass(frozen=True)
class QrCode:
    """A square of `size` modules, its margin included, and the dark ones as an SVG path."""

    size: int
    path: str


def qr_code(text: str) -> QrCode:
    size, runs = _dark_runs(text, border=QUIET_ZONE)
    return QrCode(size, "".join(f"M{x} {y}h{width}v1h-{width}z" for x, y, width in runs))


def qr_operators(text: str) -> bytes:
    """The code as PDF operators, black, without a margin, in the unit square of a picture."""
    size, runs = _dark_runs(text, border=0, mask=MASK)
    boxes = " ".join(f"{x} {size - y - 1} {width} 1 re" for x, y, width in runs)
    return f"q {1 / size:.6f} 0 0 {1 / size:.6f} 0 0 cm 0 g {boxes} f Q".encode()


def _dark_runs(text: str, *, border: int, **options: Any) -> tuple[int, list[tuple[int, int, int]]]:
    """How many modules wide, and the dark ones in a row as column, row (from above), width."""
    rows = [bytes(row) for row in segno.make_qr(text, error="m", **options).matrix_iter(1, border)]
    runs = []
    for y, row in enumerate(rows):
        x = 0
        while (x := row.find(1, x)) >= 0:
            end = row.find(0, x)
            width = (end if end >= 0 else len(row)) - x
            runs.append((x, y, width))
            x += width
    return len(rows), runs
