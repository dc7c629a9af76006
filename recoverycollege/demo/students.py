"""About 120 students whose names nobody could take for real, and whom nothing can reach."""

import random

from courses.models import College
from courses.norwegian.names import normalise_name
from enrolment.models import Student

FIRST_NAMES = [
    "Anna",
    "Bjarne",
    "Camilla",
    "David",
    "Else",
    "Fredrik",
    "Gro",
    "Hamid",
    "Inger",
    "Johan",
    "Kari",
    "Leif",
    "Maria",
    "Nils",
    "Ola",
]
LAST_NAMES = [
    "Prøvesen",
    "Eksempelsen",
    "Testdal",
    "Fiktivnes",
    "Liksomvik",
    "Påfunn",
    "Oppdiktås",
    "Demostad",
]
MUNICIPALITIES = ["Fjordbyen", "Fjordbyen", "Fjordbyen", "Nesset", "Nesset", "Øvre Fjord", ""]

_LATIN = str.maketrans({"ø": "o", "å": "a", "æ": "ae"})


def _address(first: str, last: str) -> str:
    return f"{first}.{last}@example.org".lower().translate(_LATIN)


def make_students(*, college: College, chance: random.Random) -> list[Student]:
    """Most have e-mail; some a telephone alone, a few want paper, and some share an address.

    Numbers begin with +47 20, a series that is given to nobody.
    """
    students = []
    names = [(first, last) for last in LAST_NAMES for first in FIRST_NAMES]
    for number, (first, last) in enumerate(names):
        name = f"{first} {last}"
        email, phone, channel, address = _address(first, last), "", Student.Channel.EMAIL, ""
        if number % 7 == 3:
            email, channel = "", Student.Channel.PHONE
        if number % 7 == 3 or number % 3 == 0:
            phone = f"+4720{number + 100:06}"
        if number % 40 == 17:
            email, channel = "", Student.Channel.PAPER
            phone = f"+4720{number + 100:06}"
            address = f"Prøveveien {number}\n0000 Fjordbyen"
        if email and number % 15 in (4, 5):
            email = _address("familien", last)
        language = "nn" if number % 13 == 6 else "en" if number % 29 == 8 else "nb"
        students.append(
            Student(
                name=name,
                name_key=normalise_name(name),
                email=email,
                phone=phone,
                channel=channel,
                postal_address=address,
                language=language,
                municipality=chance.choice(MUNICIPALITIES),
                wants_news=number % 5 == 0,
            )
        )
    Student.objects.bulk_create(students)
    return students
