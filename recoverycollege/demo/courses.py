"""What the made-up college offers: one entry of the catalogue for every format there is."""

from dataclasses import dataclass
from datetime import date

from courses import services
from courses.models import Course, CourseDeveloper, CourseFile, PairRole, Topic, Tutor

F = Course.Format


@dataclass(frozen=True, kw_only=True)
class Entry:
    slug: str
    title: str
    discreet_title: str
    format: Course.Format
    topics: tuple[str, ...]
    pair: tuple[str, str]  # the peer and the professional who made it together
    summary: str
    what_happens: str
    breaks: str = ""
    speaking: str = ""
    what_you_take: str = ""
    language: str = "nb"
    plan: str = ""  # what its tutors do when, for them alone
    lists_ideas: bool = False
    film: str = ""  # the address of one that they have seen beforehand


ENTRIES = [
    Entry(
        slug="hva-er-recovery",
        title="Hva er recovery?",
        discreet_title="Introduksjonskurs",
        format=F.SHORT_COURSE,
        topics=("a-kjenne-seg-selv", "hverdagen"),
        pair=("ida", "solveig"),
        summary="En ettermiddag om hva som hjelper folk videre, og hva vi kan gjøre for hverandre.",
        what_happens="""\
Vi sitter i en ring på rundt tolv stoler. Først hilser vi, og de som vil, sier navnet sitt.

Kursholderne forteller hver sin historie om å komme videre. Så snakker vi to og to om hva som gir
oss krefter i hverdagen. Du velger selv hva du deler, og det er helt greit å bare lytte.

Vi har en lang pause med kaffe og frukt, og en kort pause til. Trenger du å gå ut en tur, så gjør
du det. Ingen spør hvorfor.""",
        breaks="En lang med kaffe og frukt, og en kort til.",
        speaking="Nei. Du velger selv hva du deler, og det er helt greit å bare lytte.",
        what_you_take="Noen nye ord, en liste over det som gir deg krefter, og kanskje en bekjent.",
        plan="""\
12.00  Velkommen. Kaffe først, så navnerunden. Det er lov å si pass.
12.20  Hver av oss forteller om å komme videre, ti minutter hver.
13.00  To og to: hva gir deg krefter? Si fra at ingen trenger å dele.
13.45  Lang pause.
14.15  Vi samler ord på tavla.
15.45  Takk for i dag. Den som vil, skriver én ting på en lapp.
""",
        film="https://example.org/film-om-recovery",
    ),
    Entry(
        slug="selvtillit-og-selvfolelse",
        title="Selvtillit og selvfølelse",
        discreet_title="Kurs i å kjenne seg selv",
        format=F.SHORT_COURSE,
        topics=("a-kjenne-seg-selv",),
        pair=("marte", "jonas"),
        summary="Hva er forskjellen, hvor kommer den fra, og hva kan få den til å vokse litt?",
        what_happens="""\
Vi begynner med et spørsmål alle kan svare på, og går videre derfra i rolig tempo.

Det blir noen korte øvelser på papir. Arket ditt er ditt; ingen samler det inn. Vi prøver også en
øvelse i par, og du kan si nei takk til den.

Etter halvannen time spiser vi sammen. Maten er gratis, og det finnes noe uten gluten og kjøtt.""",
        breaks="En lang, etter halvannen time. Da spiser vi sammen.",
        speaking="Nei. Du kan også si nei takk til øvelsen i par.",
        what_you_take="Tre små øvelser du kan gjøre hjemme, og et ark du har skrevet selv.",
    ),
    Entry(
        slug="kroppen-i-bevegelse",
        title="Kroppen i bevegelse",
        discreet_title="Kveldsforedrag om friluftsliv",
        format=F.EVENING_LECTURE,
        topics=("kropp-og-natur",),
        pair=("tor", "solveig"),
        summary="Et kveldsforedrag om tur, trening og frisk luft, for deg som vil litt mer eller "
        "litt mindre.",
        what_happens="""\
To foredrag på tjue minutter og en samtale på scenen. Salen er stor, og du kan sitte ved døra.

I pausen er det te og noe å bite i. Etterpå kan du skrive spørsmål på en lapp, så slipper du å ta
ordet. Vi tar ikke bilder.""",
        breaks="En, med te og noe å bite i.",
        speaking="Nei. Spørsmål kan du skrive på en lapp.",
    ),
    Entry(
        slug="a-snakke-om-skam",
        title="Å snakke om skam",
        discreet_title="Kveldsforedrag",
        format=F.EVENING_LECTURE,
        topics=("a-kjenne-seg-selv", "sammen-med-andre"),
        pair=("ida", "jonas"),
        summary="Skam trives best i det stille. En kveld om hva som skjer når noen sier det høyt.",
        what_happens="""\
Kursholderne forteller og leser høyt, og en gjest spiller tre sanger på gitar.

Du trenger ikke si et ord. Det er pause midt i, med kaffe i foajeen. Blir det tungt, står en av
oss klar ved utgangen, og det stille rommet er åpent hele kvelden.""",
        breaks="En midt i, med kaffe i foajeen.",
        speaking="Nei, ikke et ord.",
        what_you_take="Noen setninger som kan åpne en samtale.",
    ),
    Entry(
        slug="hverdagen-i-sma-steg",
        title="Hverdagen i små steg",
        discreet_title="Kursrekke om hverdagen",
        format=F.SERIES,
        topics=("hverdagen", "a-kjenne-seg-selv"),
        pair=("marte", "solveig"),
        summary="Åtte kvelder om søvn, penger, mat, folk og alt det andre som en dag består av.",
        what_happens="""\
Vi møtes til samme tid hver uke. Hver kveld har ett tema, og du tar med deg ett lite steg hjem.
Neste gang forteller de som vil, hvordan det gikk. Det er like nyttig å høre om det som ikke gikk.

Gruppa er liten og den samme hele veien. Kan du ikke komme en gang, er du like velkommen neste.
Halvveis har vi en lang pause med suppe.""",
        breaks="Hver kveld en kort. Halvveis i rekka en lang, med suppe.",
        speaking="Nei. De som vil, forteller hvordan det gikk siden sist.",
        what_you_take="En mappe med åtte små steg, skrevet av deg selv.",
    ),
    Entry(
        slug="digitale-fortellinger",
        title="Digitale fortellinger",
        discreet_title="Fortellerkurs",
        format=F.SERIES,
        topics=("fortellinger",),
        pair=("samir", "jonas"),
        summary="Lag en film på to minutter med din egen stemme og dine egne bilder.",
        what_happens="""\
Første gang ser vi noen fortellinger andre har laget. Så skriver du din egen, leser den inn og
setter den sammen med bilder. Vi har maskiner, mikrofon og folk som kan hjelpe.

Fortellingen er din. Du bestemmer om noen andre skal få se den, også etter at kurset er slutt.""",
        what_you_take="En liten film på en minnepinne.",
    ),
    Entry(
        slug="a-sta-ved-siden-av",
        title="Å stå ved siden av",
        discreet_title="Dagsseminar",
        format=F.SEMINAR,
        topics=("sammen-med-andre",),
        pair=("ida", "solveig"),
        summary="Et seminar for alle som er glad i noen: Hvordan støtte uten å bære alt?",
        what_happens="""\
Formiddagen har tre korte innlegg. Etter lunsj velger du mellom to grupper: en som snakker, og en
som går tur. Du kan bytte underveis.

Lunsjen er varm og gratis. Vi slutter presis, så du rekker bussen.""",
        breaks="To korte, og en time til varm lunsj.",
        speaking="Nei. Etter lunsj kan du gå tur i stedet for å snakke.",
    ),
    Entry(
        slug="hvem-bestemmer-i-hverdagen-min",
        title="Hvem bestemmer i hverdagen min?",
        discreet_title="Debattkveld",
        format=F.DEBATE,
        topics=("hverdagen", "sammen-med-andre"),
        pair=("marte", "jonas"),
        summary="En åpen debatt om medvirkning, med korte innlegg og mikrofonen i salen.",
        what_happens="""\
Fire personer får fire minutter hver. Etterpå går ordet rundt i salen til den som vil ha det. En
ordstyrer passer på at det er trygt å være uenig.

Bare møt opp. Du kan komme sent og gå tidlig.""",
        breaks="En, halvveis.",
        speaking="Nei. Ordet går til den som vil ha det.",
    ),
    Entry(
        slug="hap-og-vendepunkter",
        title="Håp og vendepunkter",
        discreet_title="Verksted",
        format=F.WORKSHOP,
        topics=("a-kjenne-seg-selv", "fortellinger"),
        pair=("samir", "solveig"),
        summary="Et verksted der vi leter etter stedene der noe snudde, store og små.",
        what_happens="""\
Vi arbeider med kart, tråd og papir ved fire bord. Ingen trenger å kunne tegne. En av kursholderne
viser sitt eget kart først.

Midt på dagen spiser vi lunsj. Til slutt henger de som vil, kartet sitt på veggen.""",
        breaks="Lunsj midt på dagen, og to korte.",
        speaking="Nei. Kartet ditt kan du vise fram eller holde for deg selv.",
        what_you_take="Ditt eget kart.",
    ),
    Entry(
        slug="tirsdagskafeen",
        title="Tirsdagskafeen",
        discreet_title="Tirsdagskafeen",
        format=F.CAFE,
        topics=("sammen-med-andre",),
        pair=("lars", "jonas"),
        summary="Kaffe, vafler og folk. Hver tirsdag fra 11 til 13. Bare møt opp.",
        what_happens="""\
Kom når du vil mellom elleve og ett. Noen spiller kort, noen strikker, og noen drikker bare kaffe.
Det er alltid en av oss der som sier hei. Du trenger ikke melde deg på, og ingen skriver navn.""",
        breaks="Hele kafeen er en pause.",
        speaking="Nei. Du kan også bare drikke kaffe.",
    ),
    Entry(
        slug="hovedverkstedet",
        title="Hovedverkstedet",
        discreet_title="Månedlig verksted",
        format=F.MAIN_WORKSHOP,
        topics=("sammen-med-andre",),
        pair=("marte", "solveig"),
        summary="En dag i måneden er vi samlet om ett tema og legger planer for skolen vår.",
        what_happens="""\
Dagen begynner med et kort innlegg om månedens tema. Så arbeider vi i grupper, og det som kommer
fram, går rett inn i planene for neste semester.

Lunsj klokka tolv. Du kan være med hele dagen eller bare en del av den.""",
    ),
    Entry(
        slug="planleggingsverkstedet",
        title="Planleggingsverkstedet",
        discreet_title="Verksted",
        format=F.WORKSHOP,
        topics=("sammen-med-andre",),
        pair=("marte", "jonas"),
        summary="Hva skal vi lage kurs om neste gang? Kom og velg sammen med oss.",
        what_happens="""\
Forslagene henger på veggen. Vi leser dem i ro, snakker om dem ved små bord, og setter et merke ved
dem vi vil ha.

Til slutt blir noen av dem til planer. Har du lyst til å være med og lage et kurs, så sier du det.
Vil du bare høre på, er det like fint.""",
        breaks="En lang, med suppe.",
        speaking="Nei. Du kan bare sette merker på veggen.",
        lists_ideas=True,
    ),
    Entry(
        slug="kjokkenbordet",
        title="Kjøkkenbordet",
        discreet_title="Kjøkkenbordet",
        format=F.HOUSING_WORKSHOP,
        topics=("hverdagen",),
        pair=("lars", "solveig"),
        summary="Vi lager middag og prater, hjemme hos dem som bor i huset.",
        what_happens="Vi handler, lager mat og spiser sammen. Den som bor der, bestemmer menyen.",
    ),
    Entry(
        slug="apen-temadag",
        title="Åpen temadag: Et sted å høre til",
        discreet_title="Temadag",
        format=F.THEME_DAY,
        topics=("sammen-med-andre", "hverdagen"),
        pair=("ida", "jonas"),
        summary="En dag for hele byen, med musikk, samtaler og boder fra alle som gjør noe sammen.",
        what_happens="""\
Dørene er åpne fra ti til tre. Det er samtaler på scenen hver hele time, og stille rom i andre
etasje. Suppe til alle klokka tolv. Ta gjerne med noen.""",
    ),
    Entry(
        slug="frokost-om-sprak",
        title="Frokost om språk som løfter",
        discreet_title="Frokostseminar",
        format=F.BREAKFAST_SEMINAR,
        topics=("sammen-med-andre",),
        pair=("marte", "solveig"),
        summary="Et frokostseminar om ordene vi sier om hverandre, før arbeidsdagen begynner.",
        what_happens="""\
Rundstykker og kaffe fra kvart på åtte. To innlegg på et kvarter, og et kvarter prat ved bordet.
Vi er ferdige klokka halv ti.""",
    ),
    Entry(
        slug="undervisning-for-sosionomstudenter",
        title="Samarbeid på like fot",
        discreet_title="Undervisning på høgskolen",
        format=F.OUTSIDE_CLASS,
        topics=("sammen-med-andre",),
        pair=("ida", "jonas"),
        summary="Undervisning for tredjeårsstudenter i sosialt arbeid.",
        what_happens="Tre timer med fortellinger, diskusjon og øvelser i grupper på fem.",
    ),
    Entry(
        slug="bli-kjent-med-skolen",
        title="Bli kjent med skolen",
        discreet_title="Informasjonsmøte",
        format=F.INFORMATION_MEETING,
        topics=("sammen-med-andre",),
        pair=("lars", "solveig"),
        summary="En time om hvordan det er her, for deg som lurer på om dette er noe.",
        what_happens="""\
Vi viser rundt, forteller hva som skjer dette semesteret, og svarer på det dere lurer på. Du
trenger ikke bestemme deg for noe. Ta gjerne med deg noen.""",
        breaks="Nei, det varer bare en time.",
        speaking="Nei. Spør om det du lurer på, eller bare hør etter.",
    ),
    Entry(
        slug="nettverk-for-kursholdere",
        title="Nettverk for nye kursholdere",
        discreet_title="Nettverksmøte",
        format=F.NETWORK_MEETING,
        topics=("sammen-med-andre",),
        pair=("samir", "jonas"),
        summary="Et lite møte for deg som vil begynne å lage og holde kurs sammen med andre.",
        what_happens="""\
Vi er høyst fem rundt bordet. Alle får tid til å fortelle om en idé, og vi finner ut hvem som kan
lage noe sammen.""",
    ),
    Entry(
        slug="kvardagsglede-ute",
        title="Kvardagsglede ute",
        discreet_title="Turkurs",
        format=F.SHORT_COURSE,
        topics=("kropp-og-natur", "hverdagen"),
        pair=("tor", "ragnhild"),
        language="nn",
        summary="Ein ettermiddag ved fjorden med bål, korte turar og god tid.",
        what_happens="""\
Vi møtest i Naustet og går ut derifrå. Turen er på to kilometer, flat og med mange benkar. Går det
tungt, snur ein av oss saman med deg.

Ved bålet et vi lapskaus og snakkar om kva som gir litt glede på ein vanleg dag. Du kan òg berre
sjå på flammane. Vi har regnklede til låns.""",
        breaks="Mange, og ei lang ved bålet.",
        speaking="Nei. Du kan òg berre sjå på flammane.",
        what_you_take="Tre stader i nærleiken som det er godt å vere.",
    ),
    Entry(
        slug="finding-your-way",
        title="Finding your way in a new place",
        discreet_title="Short course in English",
        format=F.SHORT_COURSE,
        topics=("hverdagen", "sammen-med-andre"),
        pair=("samir", "ragnhild"),
        language="en",
        summary="For anybody who is new here. Meet others, and find out what is going on in town.",
        what_happens="""\
We sit around one big table with tea and bread. Anybody who likes can say where they have
lived, and what they miss. Then we draw a map of good places in town.

We speak slowly, and you may use any language with the person next to you. There is a long break,
and you can leave whenever you like.""",
        breaks="A long one in the middle, with tea and bread.",
        speaking="No. Whoever likes says something.",
        what_you_take="A map of good places, and some new faces.",
    ),
]


def make_courses(
    *, tutors: dict[str, Tutor], topics: dict[str, Topic], since: date
) -> dict[str, Course]:
    """Each with its topics and the pair that has developed it since then."""
    courses = {}
    for entry in ENTRIES:
        course = Course(
            slug=entry.slug,
            title=entry.title,
            discreet_title=entry.discreet_title,
            format=entry.format,
            language=entry.language,
            lists_ideas=entry.lists_ideas,
            summary=entry.summary,
            what_happens=_paragraphs(entry.what_happens),
            breaks=entry.breaks,
            speaking=entry.speaking,
            what_you_take=entry.what_you_take,
        )
        roles = (PairRole.PEER, PairRole.PROFESSIONAL)
        services.save_course(
            course=course,
            topics=[topics[slug] for slug in entry.topics],
            developers=[
                CourseDeveloper(tutor=tutors[key], role=role, since=since)
                for key, role in zip(entry.pair, roles, strict=True)
            ],
            files=_files(entry),
        )
        courses[entry.slug] = course
    return courses


def _files(entry: Entry) -> list[CourseFile]:
    found = []
    if entry.plan:
        plan = CourseFile(title="Plan for dagen", kind=CourseFile.Kind.EVERYBODY_READS)
        plan.hold(name="Plan for dagen.txt", content=entry.plan.encode())
        found.append(plan)
    if entry.film:
        film = CourseFile(title="Se denne filmen først", kind=CourseFile.Kind.PREPARATION, order=1)
        film.point_at(entry.film)
        found.append(film)
    return found


def _paragraphs(text: str) -> str:
    """Without the line breaks that only this file needs."""
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))
