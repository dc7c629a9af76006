"""What the made-up college says of itself, and a made-up story."""

from datetime import datetime, timedelta

from django.utils import timezone

from courses import services
from courses.model_pages import model_pages
from courses.models import Page

ABOUT = {
    "nb": (
        "Om oss",
        "Fjordbyen recoveryskole er en skole, og ikke en helsetjeneste. Her lærer vi om å leve "
        "godt, også når livet er vanskelig. Alle er studenter her.\n\n"
        "## Hvem skolen er for\n\n"
        "For deg som har hatt det tungt selv, for deg som er nær noen, for deg som jobber med "
        "dette, og for deg som er nysgjerrig. Ingen spør hvem av dem du er.\n\n"
        "## Laget av likeverdige\n\n"
        "To kursholdere lager og leder hvert kurs sammen: en som kjenner temaet fra eget liv, og "
        "en som kjenner det fra faget sitt.\n\n"
        "## Hvor vi er\n\n"
        "Vi låner rom på biblioteket og i frivilligsentralen. Vi tar telefonen mandag til torsdag "
        "fra ti til to.",
    ),
    "nn": (
        "Om oss",
        "Fjordbyen recoveryskole er ein skule, og ikkje ei helseteneste. Her lærer vi om å leve "
        "godt, også når livet er vanskeleg. Alle er studentar her.\n\n"
        "## Kven skulen er for\n\n"
        "For deg som har hatt det tungt sjølv, for deg som er nær nokon, for deg som jobbar med "
        "dette, og for deg som er nysgjerrig. Ingen spør kven av dei du er.\n\n"
        "## Laga av likeverdige\n\n"
        "To kurshaldarar lagar og leier kvart kurs saman: ein som kjenner temaet frå eige liv, og "
        "ein som kjenner det frå faget sitt.\n\n"
        "## Kvar vi er\n\n"
        "Vi låner rom på biblioteket og i frivilligsentralen. Vi tek telefonen måndag til torsdag "
        "frå ti til to.",
    ),
    "en": (
        "About us",
        "Fjordbyen recoveryskole is a school, and not a health service. Here we learn "
        "about living well, also when life is hard. Everybody here is a "
        "student.\n\n"
        "## Who it is for\n\n"
        "For you who have had a hard time yourself, for you who are close to somebody, for you who "
        "work in the field, and for you who are curious. Nobody asks which of these you are.\n\n"
        "## Made by equals\n\n"
        "Two tutors make and lead every course together: one who knows the theme from their own "
        "life, and one who knows it from their profession.\n\n"
        "## Where we are\n\n"
        "We borrow rooms in the library and in the volunteer centre. We answer the phone from "
        "Monday to Thursday, between ten and two.",
    ),
}
STORY = (
    "Stolen nærmest døra",
    "Den første gangen satt jeg på stolen nærmest døra. Jakka hadde jeg på, og bilnøklene i hånda. "
    "«Jeg blir til pausen», sa jeg til meg selv.\n\n"
    "I pausen spurte en dame om jeg ville ha kaffe. Hun spurte ikke om noe annet. Da ble jeg "
    "sittende en time til.\n\n"
    "## Fire kurs senere\n\n"
    "Nå henger jakka ute i gangen. Det er ikke blitt lett alt sammen, og det trenger det ikke "
    "heller. Men jeg vet hvor kaffen står, og forrige gang var det jeg som spurte en på stolen "
    "nærmest døra:\n\n"
    "> Vil du ha en kopp?",
)


def make_pages(*, now: datetime) -> None:
    """About the college and how it works, and a story with the yes of somebody made up."""
    by_slug = {each.slug: each for each in model_pages()}
    about, how = by_slug["om-oss"], by_slug["slik-fungerer-det"]
    about.titles = {code: title for code, (title, _text) in ABOUT.items()}
    about.texts = {code: text for code, (_title, text) in ABOUT.items()}
    title, text = STORY
    story = Page(
        kind=Page.Kind.STORY,
        slug="stolen-naermest-dora",
        titles={"nb": title},
        texts={"nb": text},
        teller="Oppdiktede Olaug",
        consent_on=timezone.localdate(now) - timedelta(days=40),
        consent_how="Skrevet under på papir, i permen på kontoret",
    )
    for page in (about, how, story):
        page.is_published = True
        services.save_page(page=page)
