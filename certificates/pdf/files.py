"""The files that a document may read: this app's own, and the pictures that its rows name."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from certificates.models import Certificate
from certificates.qr import qr_picture
from courses import colours
from courses.models import Picture

HERE = Path(__file__).resolve().parent.parent
LANDSCAPE = HERE / "landscape.svg"


def logos(certificate: Certificate) -> list[str]:
    """The names of the pictures, the college's first."""
    found = [certificate.college_logo, *(owner.get("logo", "") for owner in certificate.owners)]
    return [picture for picture in found if picture]


def pictures_of(certificates: Sequence[Certificate]) -> dict[str, bytes]:
    """The stored pictures that the rows name, but not those that are no pictures."""
    from PIL import Image

    names = {picture for each in certificates for picture in logos(each)}
    pictures: dict[str, bytes] = {}
    for stored in Picture.objects.filter(name__in=names) if names else ():
        try:
            Image.open(io.BytesIO(bytes(stored.content))).verify()
        except Exception:  # noqa: S112  # Pillow raises many kinds; any of them means: no logo
            continue
        pictures[stored.name] = bytes(stored.content)
    return pictures


def shape_of(picture: bytes) -> float:
    """How many times as wide as high it is."""
    from PIL import Image

    width, height = Image.open(io.BytesIO(picture)).size
    return width / height


def fetcher(pictures: dict[str, bytes]) -> Any:
    """Fetches this app's own files, the given pictures, the code for what follows `code:`, and the
    landscape in the colour that follows `landscape:`.

    Refuses everything else.
    """
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnFiles(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url.startswith("code:"):
                return URLFetcherResponse(url, qr_picture(url.removeprefix("code:")))
            if url.startswith("picture:"):
                return URLFetcherResponse(url, pictures[unquote(url.removeprefix("picture:"))])
            if url.startswith("landscape:"):
                colour = f"#{url.removeprefix('landscape:')}"
                drawn = LANDSCAPE.read_text().replace(colours.STANDARD_COLOUR, colour)
                return URLFetcherResponse(url, drawn, {"Content-Type": "image/svg+xml"})
            parts = urlsplit(url)
            path = Path(unquote(parts.path)).resolve()
            if parts.scheme != "file" or not path.is_relative_to(HERE):
                raise ValueError("Not a file of the certificates.")
            return URLFetcherResponse(url, path.read_bytes())

    return OwnFiles()
