"""The files that a document may read: this app's own, and the pictures that its rows name."""

import base64
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from certificates.models import Certificate
from courses.models import Picture

HERE = Path(__file__).resolve().parent.parent
# A picture that keeps the place, and the tag, of a QR code until the page is drawn.
CODE_GOES_HERE = "code:"
A_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg=="
)


def logos(certificate: Certificate) -> list[tuple[str, str]]:
    """Whose logo, and the name of the picture."""
    found = [(certificate.college_name, certificate.college_logo)]
    found += [(owner["name"], owner.get("logo", "")) for owner in certificate.owners]
    return [(name, picture) for name, picture in found if picture]


def pictures_of(certificates: Sequence[Certificate]) -> dict[str, bytes]:
    """The stored pictures that the rows name, but not those that are no pictures."""
    from PIL import Image

    names = {picture for each in certificates for _name, picture in logos(each)}
    pictures: dict[str, bytes] = {}
    for stored in Picture.objects.filter(name__in=names) if names else ():
        try:
            Image.open(io.BytesIO(bytes(stored.content))).verify()
        except Exception:  # noqa: S112  # Pillow raises many kinds; any of them means: no logo
            continue
        pictures[stored.name] = bytes(stored.content)
    return pictures


def fetcher(pictures: dict[str, bytes]) -> Any:
    """Fetches this app's own files and the given pictures; refuses everything else."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnFiles(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url == CODE_GOES_HERE:
                return URLFetcherResponse(url, A_PIXEL)
            if url.startswith("picture:"):
                return URLFetcherResponse(url, pictures[unquote(url.removeprefix("picture:"))])
            parts = urlsplit(url)
            path = Path(unquote(parts.path)).resolve()
            if parts.scheme != "file" or not path.is_relative_to(HERE):
                raise ValueError("Not a file of the certificates.")
            return URLFetcherResponse(url, path.read_bytes())

    return OwnFiles()
