"""Norwegian alphabetical order, the same on every database and machine."""

import unicodedata

# After z, in this order. Danish, Swedish and German letters sort with their Norwegian kin.
_AFTER_Z = str.maketrans(
    {"æ": "{", "ä": "{", "ø": "|", "ö": "|", "å": "}", "ü": "y", "ł": "l", "đ": "d", "ð": "d"}
)


def sort_key(name: str) -> tuple[str, str]:
    """Key that sorts names as Norwegians do: æ, ø and å come last, and «aa» is å.

    Case and other accents do not matter.
    """
    lower = unicodedata.normalize("NFC", name.strip()).casefold().replace("aa", "å")
    folded = lower.translate(_AFTER_Z)
    if folded.isascii():  # as nearly every name: nothing to take off
        return folded, name
    plain = "".join(
        sign for sign in unicodedata.normalize("NFD", folded) if not unicodedata.combining(sign)
    )
    return plain, name
