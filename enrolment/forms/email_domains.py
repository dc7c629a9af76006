"""Slips of the pen in the domain of an e-mail address. Only ever asked about, never corrected."""

# Where most students have their mail. A domain ending in .com stands before its Norwegian sister:
# «hotmail.co» is nearer to what more people have.
COMMON = (
    "gmail.com",
    "hotmail.com",
    "hotmail.no",
    "outlook.com",
    "live.com",
    "live.no",
    "icloud.com",
    "yahoo.com",
    "yahoo.no",
    "online.no",
    "msn.com",
    "getmail.no",
    "broadpark.no",
    "altibox.no",
    "lyse.net",
    "protonmail.com",
)
# Each under one top-level domain alone: whatever else stands after the dot is a slip.
UNDER_ONE_ONLY = {"gmail": "gmail.com", "icloud": "icloud.com"}
# Near to one of the above, and real.
REAL = frozenset(
    {
        "email.com",
        "hotmail.nl",
        "icloud.com.cn",
        "live.co.uk",
        "live.nl",
        "mail.com",
        "online.nl",
        "outlook.co",
        "yahoo.co.uk",
        "ymail.com",
    }
)
# Shorter names have neighbours that are somebody else's: «smart.no» beside «start.no».
SHORTEST_NAME = 5


def likely_meant(email: str) -> str:
    """The address with the domain that was probably meant; empty where it looks right."""
    local, _at, domain = email.rpartition("@")
    name, _dot, ending = domain.partition(".")
    if not local or domain in COMMON or domain in REAL:
        return ""
    if name in UNDER_ONE_ONLY:
        return f"{local}@{UNDER_ONE_ONLY[name]}"
    for common in COMMON:
        common_name, _dot, common_ending = common.partition(".")
        is_name = name == common_name or (
            len(common_name) >= SHORTEST_NAME
            and _begins_alike(name, common_name)
            and is_one_slip_away(name, common_name)
        )
        if is_name and (ending == common_ending or is_one_slip_away(ending, common_ending)):
            return f"{local}@{common}"
    return ""


def _begins_alike(name: str, common: str) -> bool:
    """The first letter is the same, or has changed places with the next: «mail» is not «gmail»."""
    return name[:1] == common[:1] or name[:2] == common[1::-1]


def is_one_slip_away(written: str, meant: str) -> bool:
    """Whether one letter is left out, added or another, or two neighbours have changed places."""
    if written == meant or abs(len(written) - len(meant)) > 1:
        return False
    start = 0
    while start < min(len(written), len(meant)) and written[start] == meant[start]:
        start += 1
    rest, other = written[start:], meant[start:]
    return (
        rest[1:] == other[1:]  # another letter
        or rest == other[1:]  # left out
        or rest[1:] == other  # added
        or (rest[1::-1] == other[:2] and rest[2:] == other[2:])  # changed places
    )
