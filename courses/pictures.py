"""Logos and portraits: made fit to be shown, and kept in the database for every web server alike.

What is stored is never the file that somebody chose. It is drawn anew from that file's pixels:
upright, in the colours of a screen, no larger than a page needs, and without anything that a camera
writes beside them, such as where a portrait was taken.
"""

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage
from django.urls import reverse
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from PIL import Image

    ContentOfBytes = ContentFile[bytes]
else:
    ContentOfBytes = ContentFile

MAX_BYTES = (
    20_000_000  # of a file that somebody chooses; a telephone's picture has up to 15 million
)
MAX_PIXELS = 64_000_000  # telephones make up to 50 million; a web server decodes this many at once
LONGEST_SIDE = 800  # pixels of what is stored: a logo of 34 mm on paper has 600 to the inch
JPEG_QUALITY = 85

# What is opened, by Pillow's names. Of moving pictures the first one is taken.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "HEIF")
# What people try as well, by how such a file begins, and what they call it.
OTHER_FILES = (
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
    (b"BM", "BMP"),
    (b"%!PS", "EPS"),
    (b"\xc5\xd0\xd3\xc6", "EPS"),
    (b"%PDF", "PDF"),
    (b"8BPS", "Photoshop"),
    (b"PK\x03\x04", "Word/ZIP"),
    (b"\xd0\xcf\x11\xe0", "Word"),
)
AVIF_BRANDS = (b"avif", b"avis")


class PictureRefused(ValidationError):
    """The file cannot become a picture; the message says in a sentence what works."""


class PreparedPicture(ContentOfBytes):
    """A picture that is fit to be stored: what `prepare` returns, and nobody else makes."""


def prepare(file: "File[bytes]", *, also: tuple[str, ...] = ()) -> PreparedPicture:
    """The picture drawn anew as JPEG, or as PNG where it has transparency or is smaller so.

    Takes up to a second for a large one: not to be called while a transaction is open. Asked again
    about the same file it gives the same answer without the work. `also` names further formats of
    Pillow's to open. Raises PictureRefused.
    """
    if isinstance(file, PreparedPicture):
        return file
    answer: PreparedPicture | PictureRefused | None = getattr(file, "prepared", None)
    if answer is None:
        try:
            answer = _draw_anew(file, FORMATS + also)
        except PictureRefused as refusal:
            answer = refusal
        file.prepared = answer  # type: ignore[attr-defined]  # kept with the file it is about
    if isinstance(answer, PictureRefused):
        raise answer
    return answer


def _draw_anew(file: "File[bytes]", formats: tuple[str, ...]) -> PreparedPicture:
    from PIL import Image, UnidentifiedImageError

    if (file.size or 0) > MAX_BYTES:
        raise PictureRefused(
            _("The picture is too large: %(size)s MB. Choose one of at most %(limit)s MB.")
            % {"size": -(-file.size // 1_000_000), "limit": MAX_BYTES // 1_000_000}
        )
    file.seek(0)
    data = file.read()
    try:
        with _whole_pictures_only(), _open(data, formats) as image:
            return _encoded(_drawn(image))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels() from None
    except UnidentifiedImageError:
        raise PictureRefused(_what_it_is(data)) from None
    except PictureRefused:
        raise
    except Exception as error:  # Pillow and its decoders raise many kinds for what is damaged
        raise PictureRefused(
            _("The picture is damaged and cannot be opened. Save it again, or choose another.")
        ) from error


@contextmanager
def _whole_pictures_only() -> Iterator[None]:
    """Refuse a picture of which the end is missing.

    WeasyPrint tells Pillow, for the whole process, to be content with the beginning.
    """
    from PIL import ImageFile

    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _open(data: bytes, formats: tuple[str, ...]) -> "Image.Image":
    """Read the head of the file alone, which tells its kind and its size."""
    from PIL import Image
    from pillow_heif import register_heif_opener

    register_heif_opener()
    image = Image.open(io.BytesIO(data), formats=formats)
    if image.width * image.height > MAX_PIXELS:
        raise _too_many_pixels()
    return image


def _drawn(image: "Image.Image") -> "Image.Image":
    """The pixels alone, upright, in sRGB, not larger than needed: mode RGB, or RGBA with holes."""
    from PIL import Image, ImageOps

    # Of a JPEG, decode no more pixels than are needed; other formats take no notice.
    image.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
    image.load()
    profile = image.info.get("icc_profile")
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I"):  # sixteen bits of grey, which Pillow would cut off, not scale
        image = image.point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        image = image.convert("RGBA")
    elif image.mode not in ("RGB", "CMYK", "L"):
        image = image.convert("RGB")
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    holes = image.getchannel("A") if image.mode == "RGBA" else None
    colours = _in_srgb(image.convert("RGB") if holes else image, profile)
    # A new picture takes along nothing of what the old one knew: comments, profiles, a place.
    drawn = Image.new("RGB", image.size)
    drawn.paste(colours)
    if holes and holes.getextrema() != (255, 255):
        drawn.putalpha(holes)
    return drawn


def _in_srgb(image: "Image.Image", profile: bytes | None) -> "Image.Image":
    """The picture in the colours that browsers assume where a file names no others."""
    from PIL import ImageCms

    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            srgb = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(image, source, srgb, outputMode="RGB")
        except (OSError, ImageCms.PyCMSError):
            pass  # a profile that is damaged, or for another kind of picture
        else:
            if converted is not None:
                return converted
    return image.convert("RGB")


def _encoded(image: "Image.Image") -> PreparedPicture:
    """Flat colours are smaller and sharper as PNG, photographs much smaller as JPEG."""
    png = io.BytesIO()
    image.save(png, "PNG")
    if image.mode == "RGBA":
        return PreparedPicture(png.getvalue(), name="picture.png")
    jpeg = io.BytesIO()
    image.save(jpeg, "JPEG", quality=JPEG_QUALITY, optimize=True, progressive=True)
    if len(png.getvalue()) <= len(jpeg.getvalue()):
        return PreparedPicture(png.getvalue(), name="picture.png")
    return PreparedPicture(jpeg.getvalue(), name="picture.jpg")


def _too_many_pixels() -> PictureRefused:
    return PictureRefused(
        _("The picture has too many pixels. Choose one of at most %(limit)s megapixels.")
        % {"limit": MAX_PIXELS // 1_000_000}
    )


def _what_it_is(data: bytes) -> str:
    """Why the file is refused. Its content tells, whatever its name ends in."""
    name = next((name for start, name in OTHER_FILES if data.startswith(start)), "")
    if data[4:8] == b"ftyp" and data[8:12] in AVIF_BRANDS:
        name = "AVIF"
    elif b"<svg" in data[:2000].lower():
        name = "SVG"
    if name:
        return _(
            "This is a %(kind)s file. Save the picture as JPEG or PNG and choose that file. "
            "HEIC, WebP and GIF work too."
        ) % {"kind": name}
    return _(
        "This file is not a picture that can be opened. Choose a JPEG, PNG, HEIC, WebP or GIF."
    )


@deconstructible
class PictureStorage(Storage):
    """Stores a picture under the hash of its content; a stored picture never changes.

    A certificate that was issued with a logo can therefore be printed again with the same one:
    what was ever stored as a logo stays (`is_logo`). A portrait goes when nobody has it any more,
    see `courses.services.delete_unused_portraits`.
    """

    def __init__(self, *, for_logos: bool = True) -> None:
        self.for_logos = for_logos

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        return ContentFile(bytes(_pictures().get(name=name).content), name=name)

    def _save(self, name: str, content: "File[bytes]") -> str:
        """Store it, prepared where the caller has not done so. Raises PictureRefused."""
        picture = prepare(content)
        picture.seek(0)
        data = picture.read()
        stored_name = hashlib.sha256(data).hexdigest()[:32] + (picture.name or "")[-4:]
        # Written also where it is there: `delete_unused_portraits` then waits for this transaction,
        # and finds that somebody has it again.
        now = {"content": data} | ({"is_logo": True} if self.for_logos else {})
        if not _pictures().filter(name=stored_name).update(**now):
            _pictures().get_or_create(name=stored_name, defaults=now)
        return stored_name

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def exists(self, name: str) -> bool:
        return bool(_pictures().filter(name=name).exists())

    def size(self, name: str) -> int:
        return len(_pictures().get(name=name).content)

    def url(self, name: str | None) -> str:
        return reverse("picture", args=[name])


def _pictures() -> Any:
    # By name: the models import this module for their fields.
    return apps.get_model("courses", "Picture")._default_manager
