"""The made-up college: its words, its owners, its venues and the logos it has drawn for itself."""

import io
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from courses import services
from courses.models import College, Partner, Topic, Venue

GROUND_RULES = """Vi lar hverandre snakke ferdig.
Det som blir sagt her, blir her.
Du velger selv hva du vil dele. Det er lov å bare lytte.
Du kan gå ut og komme inn igjen når du vil.
Vi møter hverandre med respekt, også når vi er uenige."""

PRIVACY_NOTICE = """Vi lagrer navnet ditt og hvordan vi når deg, så du får plass og kursbevis.
Vi spør aldri om helsa di. Vil du se det vi har om deg, eller få det slettet? Si fra når du vil."""

PRIVACY_CONTROLLER = """Fjordbyen recoveryskole ved Fjordbyen kommune.
Ring 20 00 00 00 eller skriv til personvern@example.org."""

PRIVACY_TEXT = """Dette lagrer vi
Navnet ditt, og e-post eller telefon. Hvilke kurs du melder deg på, og når du var til stede. \
Ønsker om tilrettelegging, hvis du skriver noen. De sletter vi når kurset er over.

Dette spør vi aldri om
Fødselsnummer, diagnose, behandling, medisiner eller hvorfor du kommer.

Hvem som ser det
Koordinatoren ser påmeldingene. Kursholderne ser navnene på dem som har plass på kurset deres. \
Vi gir ingenting videre til andre.

Hvor lenge
Det står nederst på denne siden. Vil du ha alt slettet før, gjør du det selv på «Min side», \
eller sier fra til oss."""

ACCESSIBILITY_TEXT = """Alle skal kunne være med. Lokalene våre er trinnfrie, og de fleste har \
teleslynge og et stille rom. Skriv hva du trenger når du melder deg på, så ordner vi det sammen. \
Kan du ikke bruke nettsiden, kan du ringe oss. Vi melder deg på mens vi snakker."""

INTRODUCTION = """Her er alle studenter. Du kan ha levd med noe vanskelig selv, være glad i noen \
som har det tungt, jobbe med mennesker, eller bare være nysgjerrig. Vi spør ikke hva du er.

Kursene lages og holdes av to sammen: en som har kjent det på kroppen, og en som har det som fag. \
De er like viktige. Det koster ingenting, og det eneste som trengs, er at du har lyst."""

PARTNERS = [
    ("Fjordbyen kommune", Partner.Kind.OWNER, "#1f4e79", "circle"),
    ("Nesset kommune", Partner.Kind.OWNER, "#2f6b4f", "square"),
    ("Helse Ytre Fjord", Partner.Kind.OWNER, "#4b3f72", "ring"),
    ("Foreningen Medvind", Partner.Kind.OWNER, "#8a5a00", "sail"),
    ("Stiftelsen Fyrlykta", Partner.Kind.PARTNER, "#7a3b52", "sail"),
]

TOPICS = {
    "hverdagen": "Hverdagen",
    "kropp-og-natur": "Kropp og natur",
    "sammen-med-andre": "Sammen med andre",
    "fortellinger": "Fortellinger",
    "a-kjenne-seg-selv": "Å kjenne seg selv",
}

VENUES: dict[str, dict[str, object]] = {
    "biblioteket": {
        "name": "Fjordbyen bibliotek, møterom Odden",
        "street": "Torget 2",
        "town": "Fjordbyen",
        "how_to_find": "Gå inn hoveddøra fra torget. Møterommet ligger i andre etasje, rett ut av "
        "heisen. Buss 4 og 11 stopper på Torget. Det står en av oss ved døra fra et kvarter før.",
        "is_step_free": True,
        "has_hearing_loop": True,
        "has_accessible_toilet": True,
    },
    "frivilligsentralen": {
        "name": "Frivilligsentralen",
        "street": "Kirkegata 14",
        "town": "Fjordbyen",
        "how_to_find": "Det gule huset ved siden av parken. Bruk døra med rampe på baksiden. "
        "Buss 7 til Kirkegata. Gratis parkering i gata etter klokka 16.",
        "is_step_free": True,
        "has_quiet_room": True,
        "has_accessible_toilet": True,
    },
    "naustet": {
        "name": "Aktivitetshuset Naustet",
        "street": "Sjøgata 31",
        "town": "Nesset",
        "how_to_find": "Rød bygning helt nede ved brygga. Ring på klokka, så åpner vi. Buss 22 til "
        "Nesset brygge, så tre minutter å gå langs vannet.",
        "is_step_free": True,
        "has_quiet_room": True,
    },
    "kaia": {
        "name": "Kulturhuset Kaia, storsalen",
        "street": "Havnepromenaden 5",
        "town": "Fjordbyen",
        "how_to_find": "Hovedinngangen mot vannet. Følg skiltene til storsalen. Du kan sitte ved "
        "døra. Alle busser til sentrum stopper to minutter unna.",
        "is_step_free": True,
        "has_hearing_loop": True,
        "has_accessible_toilet": True,
    },
    "hogskolen": {
        "name": "Høgskolen i Fjordbyen, rom B204",
        "street": "Høgskoleveien 1",
        "town": "Fjordbyen",
        "how_to_find": "Bygg B, andre etasje. Heis til venstre innenfor døra.",
        "is_step_free": True,
    },
    "fellesstua": {
        "name": "Fellesstua i Bakkegata",
        "street": "Bakkegata 8",
        "town": "Fjordbyen",
        "how_to_find": "Bare for dem som bor i huset.",
        "is_public": False,
    },
}


def draw_logo(colour: str, shape: str) -> "ContentFile[bytes]":
    """A simple mark: a shape over three waves."""
    picture = Image.new("RGB", (480, 480), "white")
    draw = ImageDraw.Draw(picture)
    if shape == "circle":
        draw.ellipse((150, 50, 330, 230), fill=colour)
    elif shape == "ring":
        draw.ellipse((150, 50, 330, 230), outline=colour, width=40)
    elif shape == "square":
        draw.rounded_rectangle((150, 60, 330, 230), radius=30, fill=colour)
    else:
        draw.polygon([(240, 30), (240, 230), (110, 230)], fill=colour)
        draw.polygon([(262, 80), (262, 230), (370, 230)], fill=colour)
    for row in range(3):
        for column in range(4):
            left, top = 40 + column * 100, 260 + row * 60
            draw.arc((left, top, left + 100, top + 70), 20, 160, fill=colour, width=22)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return ContentFile(file.getvalue(), name="logo.png")


CERTIFICATE_WORDINGS = {
    "nb": "Kurset er laget og holdt av kursholdere med ulik erfaring, som likeverdige. Takk for at "
    "du var med.",
    "nn": "Kurset er laga og halde av kurshaldarar med ulik erfaring, som likeverdige. Takk for at "
    "du var med.",
    "en": "The course was made and held by tutors of different experience, as equals. Thank you "
    "for taking part.",
}


def make_college(*, now: datetime) -> College:
    college = College(
        name="Fjordbyen recoveryskole",
        introduction=INTRODUCTION,
        phone="+4720000000",
        email="post@example.org",
        address="Torget 2\n0000 Fjordbyen",
        logo=draw_logo("#1d5c63", "sail"),
        sender_name="Kursene i Fjordbyen",
        ground_rules=GROUND_RULES,
        privacy_controller=PRIVACY_CONTROLLER,
        privacy_notice=PRIVACY_NOTICE,
        privacy_text=PRIVACY_TEXT,
        accessibility_text=ACCESSIBILITY_TEXT,
        accessibility_statement_url="https://uustatus.no/",
        texts_confirmed_at=now - timedelta(days=800),
        certificate_wordings=CERTIFICATE_WORDINGS,
        municipalities="Fjordbyen\nNesset\nØvre Fjord",
        offers_news=True,
        is_demo=True,
    )
    services.save_college(college=college, now=now - timedelta(days=800))
    for name, kind, colour, shape in PARTNERS:
        Partner.objects.create(name=name, kind=kind, logo=draw_logo(colour, shape))
    return college


def make_venues() -> dict[str, Venue]:
    return {key: Venue.objects.create(**fields) for key, fields in VENUES.items()}


def make_topics() -> dict[str, Topic]:
    return {slug: Topic.objects.create(slug=slug, name=name) for slug, name in TOPICS.items()}
