"""Norwegian alphabetical order, the same on every database and machine."""

import unicodedata

# After z, in this order. Danish, Swedish and German letters sort with their Norwegian kin.
_AFTER_Z = str.maketrans({"æ": "{", "ä": "{", "ø": "|", "ö": "|", "å": "}", "ü": "y"})


def sort_key(name: str) -> tuple[str, str]:
    """Key that sorts names by their first letter as written: æ, ø and å come last.

    Case and other accents do not matter; «aa» is two letters.
    """
    folded = unicodedata.normalize("NFC", name.strip()).casefold().translate(_AFTER_Z)
    plain = "".join(
        sign for sign in unicodedata.normalize("NFD", folded) if not unicodedata.combining(sign)
    )
    return plain, name
