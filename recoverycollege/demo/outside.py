"""What people have proposed, and made-up places outside the made-up college."""

from datetime import datetime, timedelta

from courses import services
from courses.models import Course, Idea, Opportunity

State, Kind = Idea.State, Opportunity.Kind

# What it says, its state, how many voted for it, and the course it became.
IDEAS = [
    ("Hvordan sove bedre når tankene går i ring", State.NEW, 0, ""),
    ("Å være far når man selv har det tungt", State.NEW, 0, ""),
    ("Noe om penger. Kanskje med en fra gjeldsrådgivningen?", State.TALKED_ABOUT, 7, ""),
    ("Strikkekveld uten prat om sykdom", State.TALKED_ABOUT, 4, ""),
    ("Sorg som aldri blir ferdig", State.TALKED_ABOUT, 9, ""),
    ("Å si nei uten dårlig samvittighet", State.IN_THE_MAKING, 12, ""),
    ("Et kurs ute, der vi går mens vi snakker", State.BECAME_COURSE, 14, "kvardagsglede-ute"),
    ("Noe på engelsk, for oss som er nye i Norge", State.BECAME_COURSE, 11, "finding-your-way"),
    ("Egen buss til kursene", State.NOT_NOW, 3, ""),
]
# From the web, and not looked at yet.
UNREAD = "Kan dere ha noe om å begynne å jobbe igjen, litt etter litt?"

# Name, kind, municipality, what it is, whether one is referred, phone, website, and how many days
# ago somebody looked.
OPPORTUNITIES = [
    (
        "Fontenehuset i Fjordbyen",
        Kind.WORK,
        "Fjordbyen",
        "Et arbeidsfellesskap der medlemmer og ansatte driver huset sammen. Du velger selv når du "
        "kommer, og hva du gjør.",
        False,
        "+4720000011",
        "https://example.org/fontenehuset",
        20,
    ),
    (
        "Jobbspesialistene",
        Kind.WORK,
        "Fjordbyen",
        "Individuell jobbstøtte for deg som vil ut i vanlig arbeid. En jobbspesialist er med hele "
        "veien.",
        True,
        "+4720000012",
        "",
        60,
    ),
    (
        "Koret Alle kan synge",
        Kind.MUSIC,
        "Nesset",
        "Et åpent kor for alle som har kjent på livet. Ingen prøvesang, og kaffe i pausen.",
        False,
        "",
        "https://example.org/kor",
        35,
    ),
    (
        "Rockeverkstedet",
        Kind.MUSIC,
        "Fjordbyen",
        "Spill i band, også om du aldri har holdt i en gitar. Instrumentene står klare.",
        False,
        "+4720000013",
        "",
        240,
    ),
    (
        "Erfaringssenteret",
        Kind.PEERS,
        "",
        "Samtaler med en som har vært der selv, på telefon eller over en kopp te. Gratis.",
        False,
        "+4720000014",
        "https://example.org/erfaring",
        12,
    ),
    (
        "Pårørendetreffet",
        Kind.RELATIVES,
        "Øvre Fjord",
        "Et møtested for familie og venner, den første mandagen i måneden.",
        False,
        "+4720000015",
        "",
        80,
    ),
    (
        "Kjøkkenpraten",
        Kind.ACTIVITY,
        "Nesset",
        "Vi lager middag sammen og spiser den etterpå. Alle får en oppgave som passer.",
        False,
        "+4720000016",
        "",
        45,
    ),
    (
        "Mestringskurset",
        Kind.SELF_HELP,
        "Fjordbyen",
        "Åtte kvelder om å håndtere tunge tanker, med oppgaver å ta med hjem.",
        True,
        "",
        "https://example.org/mestring",
        150,
    ),
]
# Which of them stand on a course's page.
BESIDE = {
    "hva-er-recovery": ("Fontenehuset i Fjordbyen", "Erfaringssenteret"),
    "a-sta-ved-siden-av": ("Pårørendetreffet",),
    "kroppen-i-bevegelse": ("Koret Alle kan synge", "Rockeverkstedet"),
}
DOUBTED = "Kjøkkenpraten"


def make_ideas(courses: dict[str, Course], *, now: datetime) -> None:
    """In every state: from the first word, by a planning workshop, to the course it became."""
    long_ago = now - timedelta(days=90)
    services.add_ideas(
        texts=[text for text, *_rest in IDEAS], language="nb", is_shown=True, now=long_ago
    )
    by_text = {each.text: each for each in Idea.objects.all()}
    votes = {}
    for number, (text, state, voted, slug) in enumerate(IDEAS):
        idea = by_text[text]
        votes[idea.pk] = voted
        at = long_ago + timedelta(days=number)
        if slug:
            services.link_idea(idea_id=idea.pk, course=courses[slug], now=at)
        else:
            services.move_idea(idea_id=idea.pk, state=state, now=at)
    services.count_votes(votes=votes)
    services.propose_idea(text=UNREAD, language="nb", now=now - timedelta(days=1))


def make_opportunities(courses: dict[str, Course], *, now: datetime) -> None:
    """One of each kind and more; one is old, and of one somebody says that it is not right."""
    made = {}
    for name, kind, place, about, is_referred, phone, website, days in OPPORTUNITIES:
        made[name] = opportunity = Opportunity(
            name=name,
            kind=kind,
            municipality=place,
            about=about,
            needs_referral=is_referred,
            phone=phone,
            website=website,
        )
        services.save_opportunity(opportunity=opportunity, now=now - timedelta(days=days))
    for slug, names in BESIDE.items():
        services.save_course(course=courses[slug], opportunities=[made[each] for each in names])
    services.report_opportunity(opportunity_id=made[DOUBTED].pk, now=now - timedelta(days=2))
