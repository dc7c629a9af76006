"""Parts of addresses."""

from django.urls import register_converter
from django.urls.converters import IntConverter, StringConverter


class RowConverter(IntConverter):
    """A row's key: no more digits than a database key can have, so that any other is a 404."""

    regex = "[0-9]{1,18}"


class YearConverter(IntConverter):
    """A year, in four digits."""

    regex = "[0-9]{4}"


class FileConverter(StringConverter):
    """A file's name: anything that PostgreSQL can look for, which a NUL is not."""

    regex = r"[^/\0]+"


class ColourConverter(StringConverter):
    """A colour's three parts in six hexadecimal digits."""

    regex = "[0-9a-f]{6}"


register_converter(RowConverter, "row")
register_converter(YearConverter, "year")
register_converter(FileConverter, "file")
register_converter(ColourConverter, "colour")
