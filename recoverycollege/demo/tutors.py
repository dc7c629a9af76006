"""Made-up tutors with presentations in their own words, and the demo's sign-ins."""

from dataclasses import dataclass

from django.contrib.auth.models import Group, User

from courses import services
from courses.models import Tutor

PASSWORD = "fjordbyen-demo"  # noqa: S105  A made-up college, and only where DEBUG is on.

TUTORS = {
    "marte": (
        "Marte Mønster",
        "Jeg liker å lage rom der det er lov å være stille. På fritiden padler jeg, helst sakte.",
    ),
    "jonas": (
        "Jonas Eksempel",
        "Jeg har lært mest av folk som sa det som det var. Nå prøver jeg å gjøre det samme.",
    ),
    "ragnhild": (
        "Ragnhild Prøve",
        "Eg er glad i gode spørsmål og lange pausar. Kom som du er, så tek vi det derifrå.",
    ),
    "tor": (
        "Tor Oppdiktet",
        "Jeg går tur i all slags vær. Mye blir enklere å snakke om når vi går ved siden av "
        "hverandre.",
    ),
    "ida": (
        "Ida Innbilt",
        "I mange år trodde jeg at jeg var den eneste. Det var jeg ikke. Det vil jeg gjerne si "
        "videre.",
    ),
    "samir": (
        "Samir Tenkt",
        "Jeg tegner, filmer og forteller. Alle har en historie, og du bestemmer over din.",
    ),
    "solveig": (
        "Solveig Fiksjon",
        "Jeg har jobbet med mennesker i tjue år og lærer fortsatt noe nytt hver uke.",
    ),
    "lars": (
        "Lars Låtsom",
        "Kaffe, latter og litt alvor. Det er tirsdagene mine.",
    ),
}


@dataclass(frozen=True, kw_only=True)
class SignIn:
    role: str
    username: str
    password: str = PASSWORD


SIGN_INS = [
    SignIn(role="coordinator", username="koordinator"),
    SignIn(role="tutor", username="marte"),
    SignIn(role="tutor", username="jonas"),
]


def make_tutors(*, with_sign_ins: bool) -> dict[str, Tutor]:
    """The tutors, some of them with a sign-in where wanted: anybody knows the passwords."""
    passwords = {each.username: each.password for each in SIGN_INS if each.role == "tutor"}
    tutors = {}
    for key, (name, presentation) in TUTORS.items():
        # One of them is rung, so that the call list shows how.
        reached = {"phone": "+4720000002"} if key == "tor" else {"email": f"{key}@example.org"}
        tutor = Tutor(name=name, presentation=presentation, **reached)
        if with_sign_ins and key in passwords:
            tutor.user = User.objects.create_user(key, tutor.email, passwords[key], first_name=name)
            tutor.user.groups.add(Group.objects.get(name="tutors"))
        services.save_tutor(tutor=tutor)
        tutors[key] = tutor
    return tutors


def make_coordinator() -> User:
    """Somebody who may open the admin. Only where DEBUG is on: anybody knows the password."""
    sign_in = next(each for each in SIGN_INS if each.role == "coordinator")
    user = User.objects.create_user(
        sign_in.username, "koordinator@example.org", sign_in.password, is_staff=True
    )
    user.groups.add(Group.objects.get(name="coordinators"))
    return user
