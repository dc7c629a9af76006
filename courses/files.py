"""Files that tutors share: which kinds are taken, how they are told, and what a name may hold."""

import unicodedata
from dataclasses import dataclass
from pathlib import PurePath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

NAME_LENGTH = 150

A_ZIP = (b"PK\x03\x04",)  # what office programs write is one
OPEN_XML = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True)
class Kind:
    """A kind of file: how a browser is told of it, and how its content begins."""

    content_type: str
    begins: tuple[bytes, ...] = ()


# By the ending of the name. None of them holds programs that run when it is opened.
KINDS = {
    ".pdf": Kind("application/pdf", (b"%PDF-",)),
    ".docx": Kind(OPEN_XML + "wordprocessingml.document", A_ZIP),
    ".pptx": Kind(OPEN_XML + "presentationml.presentation", A_ZIP),
    ".xlsx": Kind(OPEN_XML + "spreadsheetml.sheet", A_ZIP),
    ".odt": Kind("application/vnd.oasis.opendocument.text", A_ZIP),
    ".odp": Kind("application/vnd.oasis.opendocument.presentation", A_ZIP),
    ".ods": Kind("application/vnd.oasis.opendocument.spreadsheet", A_ZIP),
    ".jpg": Kind("image/jpeg", (b"\xff\xd8\xff",)),
    ".jpeg": Kind("image/jpeg", (b"\xff\xd8\xff",)),
    ".png": Kind("image/png", (b"\x89PNG\r\n",)),
    ".webp": Kind("image/webp", (b"RIFF",)),
    ".gif": Kind("image/gif", (b"GIF8",)),
    ".txt": Kind("text/plain; charset=utf-8"),
}
# What a browser offers to choose.
ACCEPTED = ",".join(KINDS)


@dataclass(frozen=True)
class ReadFile:
    """What somebody chose, fit to be stored."""

    name: str
    content: bytes


def kind_of(name: str) -> Kind | None:
    """The kind of a file of this name; None where such files are not taken."""
    return KINDS.get(PurePath(name).suffix.lower())


def read(file: UploadedFile) -> ReadFile:
    """The file's content, with its name tidied. Raises ValidationError, in words.

    The ending of the name tells the kind, and the content has to begin as such files do: a file
    that was only given another name cannot be opened by whoever fetches it.
    """
    limit = settings.COURSE_FILE_MEGABYTES
    if (file.size or 0) > limit * 1_000_000:
        raise ValidationError(
            _("The file is too large: %(size)s MB. Choose one of at most %(limit)s MB.")
            % {"size": -(-(file.size or 0) // 1_000_000), "limit": limit}
        )
    name = tidy_name(file.name or "")
    kind = kind_of(name)
    if kind is None:
        raise ValidationError(
            _(
                "Files of this kind cannot be shared here. Save it as PDF, or choose a Word, "
                "PowerPoint, Excel or OpenDocument file, a picture or plain text."
            )
        )
    file.seek(0)
    content = file.read()
    if not content:
        raise ValidationError(_("The file is empty: choose another."))
    if kind.begins and not content.startswith(kind.begins):
        raise ValidationError(
            _("The file is not what its name says (%(ending)s). Save it again, or choose another.")
            % {"ending": PurePath(name).suffix.lower()}
        )
    return ReadFile(name, _in_utf8(content) if not kind.begins else content)


def tidy_name(name: str) -> str:
    """The name in one writing of each letter, without signs that nobody sees, and not too long.

    Macs write «å» as two signs. The ending stays, however long the name is.
    """
    seen = unicodedata.normalize("NFC", "".join(each for each in name if each.isprintable()))
    path = PurePath(seen.replace("/", "_").replace("\\", "_").strip())
    return path.stem[: NAME_LENGTH - len(path.suffix)] + path.suffix[:NAME_LENGTH]


def _in_utf8(text: bytes) -> bytes:
    """Plain text as it is served: old programs of Windows write it in an alphabet of their own."""
    try:
        text.decode()
    except UnicodeDecodeError:
        return text.decode("cp1252", errors="replace").encode()
    return text
