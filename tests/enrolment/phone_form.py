"""The form of somebody who rings, as a coordinator fills it in."""

import uuid


def said(**changes: object) -> dict[str, object]:
    return {
        "name": "Ada Moen",
        "phone": "99 99 99 99",
        "email": "",
        "channel": "phone",
        "postal_address": "",
        "language": "nb",
        "adjustment": "",
        "submission": str(uuid.uuid4()),
    } | changes


# A national identity number in each field that takes text.
NUMBERS = {
    "name": "Ada 01010750160",
    "email": "01010750160@example.org",
    "phone": "+47 010107 50160",
    "adjustment": "Ada 01010750160",
    "postal_address": "Ada 01010750160",
}
