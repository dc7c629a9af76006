"""The plan of four semesters: which course is held when, where, by whom, and how many came."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from courses import services
from courses.models import (
    Course,
    CourseRun,
    CourseSession,
    PairRole,
    Semester,
    Tutor,
    TutorAssignment,
    Venue,
)
from recoverycollege.demo.semesters import day_in, semester_of, wall_clock

DROP_IN, CLOSED = CourseRun.Entry.DROP_IN, CourseRun.Entry.CLOSED

STEPS = ("Søvn", "Mat", "Penger", "Folk rundt meg", "Kroppen", "Tid", "Ro", "Veien videre")
MONTHS = ("Språk og ord", "Håp og tilhørighet", "Åpenhet og småprat", "Vi planlegger sammen")


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One run. `semester` counts from the oldest, 0, to the coming one, 3."""

    course: str
    semester: int = 2
    week: int = 1
    weekday: int = 0  # Monday is 0
    at: tuple[int, int] = (17, 0)
    hours: float = 2.0
    sessions: int = 1
    every: int = 7  # days
    venue: str
    tutors: tuple[str, str]  # a peer and a professional
    entry: CourseRun.Entry = CourseRun.Entry.SIGN_UP
    capacity: int | None = None
    raised_to: int | None = None  # more places than at first, once people waited
    sign_ups: int = 0
    headcount: int = 0
    themes: tuple[str, ...] = ()
    guest: str = ""
    practical: str = ""
    who_meets_you: str = ""
    optional_last: bool = False
    # Counted from today instead of by semester and week; the run belongs where that day falls.
    in_days: int | None = None
    is_cancelled: bool = False
    is_draft: bool = False
    opens_in_days: int | None = None
    has_call_list: bool = False
    has_messages: bool = False
    certificates: bool = True


PLANS = [
    # The oldest semester
    Plan(course="hva-er-recovery", semester=0, week=3, weekday=1, hours=4, at=(12, 0), capacity=15,
         sign_ups=13, venue="biblioteket", tutors=("ida", "solveig")),
    Plan(course="a-snakke-om-skam", semester=0, week=6, weekday=3, at=(18, 0), capacity=70,
         sign_ups=52, venue="kaia", tutors=("ida", "jonas"), guest="En musiker fra byen"),
    Plan(course="digitale-fortellinger", semester=0, week=8, weekday=2, sessions=4, hours=3,
         capacity=8, sign_ups=10, venue="biblioteket", tutors=("samir", "jonas")),
    Plan(course="undervisning-for-sosionomstudenter", semester=0, week=9, weekday=4, at=(9, 0),
         hours=3, entry=CLOSED, headcount=60, venue="hogskolen", tutors=("ida", "jonas")),
    # The one after it
    Plan(course="selvtillit-og-selvfolelse", semester=1, week=3, weekday=2, hours=4, at=(12, 0),
         capacity=15, raised_to=16, sign_ups=19, venue="frivilligsentralen",
         tutors=("marte", "jonas")),
    Plan(course="kroppen-i-bevegelse", semester=1, week=5, weekday=3, at=(18, 0), capacity=60,
         sign_ups=50, venue="kaia", tutors=("tor", "solveig")),
    Plan(course="hverdagen-i-sma-steg", semester=1, week=6, weekday=0, sessions=8, hours=2.5,
         capacity=12, sign_ups=14, themes=STEPS, venue="naustet", tutors=("marte", "solveig")),
    Plan(course="a-sta-ved-siden-av", semester=1, week=10, weekday=5, at=(10, 0), hours=5,
         capacity=25, sign_ups=21, venue="biblioteket", tutors=("ida", "solveig")),
    Plan(course="tirsdagskafeen", semester=1, week=2, weekday=1, at=(11, 0), sessions=14,
         entry=DROP_IN, headcount=15, venue="frivilligsentralen", tutors=("lars", "jonas")),
    # The current one
    Plan(course="hva-er-recovery", week=3, weekday=1, at=(12, 0), hours=4, capacity=15,
         sign_ups=17, venue="biblioteket", tutors=("ida", "solveig")),
    Plan(course="hverdagen-i-sma-steg", week=6, weekday=0, sessions=8, hours=2.5, capacity=12,
         sign_ups=12, themes=STEPS, venue="naustet", tutors=("marte", "solveig"),
         certificates=False),
    Plan(course="tirsdagskafeen", week=2, weekday=1, at=(11, 0), sessions=15, entry=DROP_IN,
         headcount=14, venue="frivilligsentralen", tutors=("lars", "jonas")),
    Plan(course="hovedverkstedet", week=3, weekday=4, at=(10, 0), hours=5, sessions=4, every=28,
         capacity=30, sign_ups=18, themes=MONTHS, venue="kaia", tutors=("marte", "solveig"),
         optional_last=True),
    Plan(course="hvem-bestemmer-i-hverdagen-min", week=9, weekday=3, at=(18, 0), entry=DROP_IN,
         headcount=41, venue="kaia", tutors=("marte", "jonas")),
    Plan(course="kjokkenbordet", week=10, weekday=3, at=(15, 0), sessions=3, hours=3, entry=CLOSED,
         headcount=5, venue="fellesstua", tutors=("lars", "solveig")),
    # Around today, whatever day it is
    Plan(course="digitale-fortellinger", in_days=-14, at=(12, 0), sessions=5, capacity=10,
         sign_ups=10, venue="biblioteket", tutors=("marte", "jonas")),
    Plan(course="selvtillit-og-selvfolelse", in_days=3, at=(12, 0), hours=4, capacity=12,
         sign_ups=17, has_call_list=True, venue="frivilligsentralen", tutors=("marte", "jonas"),
         who_meets_you="Jeg heter Marte og står ved døra i gul genser fra kvart på tolv. Du "
         "trenger ikke si noe, bare nikk."),
    Plan(course="bli-kjent-med-skolen", in_days=9, at=(14, 0), hours=1, capacity=15, sign_ups=6,
         venue="biblioteket", tutors=("lars", "solveig"),
         practical="Vi møtes ved skranken i første etasje.",
         who_meets_you="Lars her. Jeg sitter ved skranken med en kaffekopp og viser vei."),
    Plan(course="frokost-om-sprak", in_days=12, at=(8, 0), hours=1.5, entry=DROP_IN,
         venue="biblioteket", tutors=("marte", "solveig")),
    Plan(course="kroppen-i-bevegelse", in_days=17, at=(18, 0), capacity=60, sign_ups=21,
         has_messages=True, venue="kaia", tutors=("tor", "solveig")),
    # The coming one
    Plan(course="a-snakke-om-skam", semester=3, week=4, weekday=3, at=(18, 0), capacity=70,
         sign_ups=34, venue="kaia", tutors=("ida", "jonas")),
    Plan(course="hverdagen-i-sma-steg", semester=3, week=6, weekday=0, sessions=8, hours=2.5,
         capacity=12, sign_ups=16, themes=STEPS, venue="naustet", tutors=("marte", "solveig")),
    Plan(course="kvardagsglede-ute", semester=3, week=5, weekday=2, at=(12, 0), hours=4,
         capacity=12, sign_ups=5, venue="naustet", tutors=("tor", "ragnhild"),
         practical="Ta på deg gode sko. Vi går i all slags vêr."),
    Plan(course="finding-your-way", semester=3, week=7, weekday=1, hours=3, capacity=14,
         sign_ups=4, venue="frivilligsentralen", tutors=("samir", "ragnhild")),
    Plan(course="hap-og-vendepunkter", semester=3, week=8, weekday=5, at=(10, 0), hours=5,
         capacity=15, sign_ups=9, is_cancelled=True, venue="biblioteket",
         tutors=("samir", "solveig")),
    Plan(course="nettverk-for-kursholdere", semester=3, week=5, weekday=0, at=(15, 0), capacity=5,
         sign_ups=6, venue="frivilligsentralen", tutors=("samir", "jonas")),
    Plan(course="tirsdagskafeen", semester=3, week=2, weekday=1, at=(11, 0), sessions=15,
         entry=DROP_IN, venue="frivilligsentralen", tutors=("lars", "jonas")),
    Plan(course="apen-temadag", semester=3, week=9, weekday=5, at=(10, 0), hours=5, entry=DROP_IN,
         venue="kaia", tutors=("ida", "jonas")),
    Plan(course="a-sta-ved-siden-av", semester=3, week=12, weekday=5, at=(10, 0), hours=5,
         capacity=25, opens_in_days=10, venue="biblioteket", tutors=("ida", "solveig")),
    Plan(course="hva-er-recovery", semester=3, week=13, weekday=1, hours=4, at=(12, 0), capacity=15,
         is_draft=True, venue="biblioteket", tutors=("ida", "solveig")),
    Plan(course="planleggingsverkstedet", semester=3, week=1, weekday=3, hours=3, entry=DROP_IN,
         venue="frivilligsentralen", tutors=("marte", "jonas")),
]  # fmt: skip


def first_day(plan: Plan, *, semesters: list[Semester], today: date) -> date:
    if plan.in_days is None:
        return day_in(semesters[plan.semester], week=plan.week, weekday=plan.weekday)
    day = today + timedelta(days=plan.in_days)
    # What is to come is on a weekday; what has begun stays, so that it has a session today.
    is_weekend = day.weekday() > 4
    return day + timedelta(days=7 - day.weekday() if plan.in_days > 0 and is_weekend else 0)


def make_run(
    plan: Plan,
    *,
    semesters: list[Semester],
    courses: dict[str, Course],
    venues: dict[str, Venue],
    tutors: dict[str, Tutor],
    now: datetime,
) -> CourseRun:
    """The run with its sessions and its pair, published unless it is to stay a draft.

    A series keeps its local time when the clocks change.
    """
    today = now.date()
    first = first_day(plan, semesters=semesters, today=today)
    semester = semester_of(first, semesters)
    opens_at = None
    if plan.opens_in_days is not None:
        opens_at = wall_clock(today + timedelta(days=plan.opens_in_days), 9)
    run = CourseRun.objects.create(
        course=courses[plan.course],
        semester=semester,
        venue=venues[plan.venue],
        entry=plan.entry,
        capacity=plan.capacity,
        enrolment_opens_at=opens_at,
        contact_name=tutors[plan.tutors[0]].name,
        contact_phone="+4720000001",
        practical=plan.practical,
        who_meets_you=plan.who_meets_you,
    )
    for number in range(plan.sessions):
        starts_at = wall_clock(first + timedelta(days=plan.every * number), *plan.at)
        is_last = number == plan.sessions - 1
        CourseSession.objects.create(
            run=run,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=plan.hours),
            theme=plan.themes[number % len(plan.themes)] if plan.themes else "",
            guest_speakers=plan.guest,
            is_optional=plan.optional_last and is_last,
        )
    for key, role in zip(plan.tutors, (PairRole.PEER, PairRole.PROFESSIONAL), strict=True):
        TutorAssignment.objects.create(run=run, tutor=tutors[key], role=role)
    if not plan.is_draft:
        published_at = min(semester.enrolment_opens_at, now) - timedelta(days=14)
        services.publish(run=run, now=published_at)
    return CourseRun.objects.with_programme().get(pk=run.pk)
