"""QR codes: as one vector path for a page of the portal, as a picture for paper."""

import io
from dataclasses import dataclass

import segno

QUIET_ZONE = 2
# One of the eight patterns that may lie over a code. Trying them all out is what takes time, and
# readers do not mind.
MASK = 2
# Pixels of a module, so that no viewer that smooths small pictures makes it hard to read.
MODULE_PIXELS = 4


@dataclass(frozen=True)
class QrCode:
    """A square of `size` modules, its margin included, and the dark ones as an SVG path."""

    size: int
    path: str


def qr_code(text: str) -> QrCode:
    rows = [bytes(row) for row in segno.make_qr(text, error="m").matrix_iter(1, QUIET_ZONE)]
    path = []
    for y, row in enumerate(rows):
        x = 0
        while (x := row.find(1, x)) >= 0:
            end = row.find(0, x)
            width = (end if end >= 0 else len(row)) - x
            path.append(f"M{x} {y}h{width}v1h-{width}z")
            x += width
    return QrCode(len(rows), "".join(path))


def qr_picture(text: str) -> bytes:
    """The code as a PNG without a margin: the paper around it is white."""
    from PIL import Image

    rows = segno.make_qr(text, error="m", mask=MASK).matrix
    modules = bytes(0 if module else 255 for row in rows for module in row)
    picture = Image.frombytes("L", (len(rows), len(rows)), modules)
    size = len(rows) * MODULE_PIXELS
    stream = io.BytesIO()
    picture.resize((size, size), Image.Resampling.NEAREST).save(stream, "PNG")
    return stream.getvalue()
