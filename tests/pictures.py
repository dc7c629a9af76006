"""Pictures as telephones, drawing programs and disguises make them; all of them drawn by code."""

import io
from random import Random

from PIL import Image

NORTH, LATITUDE = 1, 2
GPS, ORIENTATION, MODEL = 0x8825, 0x0112, 0x0110


def encoded(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def a_picture(colour: str = "navy") -> bytes:
    return encoded(Image.new("RGB", (4, 4), colour))


def photograph(width: int = 1000, height: int = 750) -> Image.Image:
    """Blue on the left and red on the right, with the grain that a photograph has."""
    image = Image.new("RGB", (width, height), "red")
    image.paste("blue", (0, 0, width // 2, height))
    small = width // 8, height // 8
    grain = Image.frombytes("RGB", small, Random(1).randbytes(3 * small[0] * small[1]))
    return Image.blend(image, grain.resize((width, height)), 0.2)


def photograph_with_gps(*, orientation: int = 6, kind: str = "JPEG") -> bytes:
    """A telephone's picture: it lies on its side, and says where it was taken and with what."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[MODEL] = "Telefon X"
    exif.get_ifd(GPS)[NORTH] = "N"
    exif.get_ifd(GPS)[LATITUDE] = (58.0, 51.0, 7.0)
    options = {"comment": b"Sandnes"} if kind == "JPEG" else {}
    return encoded(photograph(), kind, exif=exif, **options)
