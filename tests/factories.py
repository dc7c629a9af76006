"""Dull, explicit makers of rows for tests. Everything has a default; nothing is random."""

import itertools
import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.models import Group, User
from django.utils import timezone

from courses import services as course_services
from courses.models import (
    College,
    Course,
    CourseDeveloper,
    CourseFile,
    CourseRun,
    CourseSession,
    Opportunity,
    Page,
    PageFile,
    PairRole,
    Semester,
    Tutor,
    TutorAssignment,
    Venue,
)
from courses.norwegian.names import normalise_name
from enrolment import letters, services
from enrolment.models import Enrolment, Letter, LettersWorker, Message, Student
from enrolment.models.students import normalise_email

_numbers = itertools.count(1)


def number() -> int:
    return next(_numbers)


def _in_a_name(counter: int) -> int:
    """No more digits than a name may have: after that, the address tells people apart."""
    return counter % 10_000


def make_college(**fields: object) -> College:
    values = {
        "name": "Skolen ved fjorden",
        "phone": "+4722865000",
        "email": "post@example.org",
        "sender_name": "Skolen",
        "ground_rules": "Vi lar hverandre snakke ferdig.\nDet som blir sagt her, blir her.",
        "privacy_controller": "Skolen ved fjorden, post@example.org",
        "privacy_notice": "Vi lagrer navnet ditt og hvordan vi når deg.",
        "privacy_text": "Her står hele personvernteksten.",
        "texts_confirmed_at": timezone.now(),
    } | fields
    college = College(**values)
    course_services.save_college(college=college)
    return college


def get_college() -> College:
    return College.objects.first() or make_college()


def make_semester(**fields: object) -> Semester:
    """This semester: began sixty days ago, ends in ninety, sign-up open."""
    today = timezone.localdate()
    values = {
        "year": today.year,
        "term": Semester.Term.AUTUMN,
        "starts_on": today - timedelta(days=60),
        "ends_on": today + timedelta(days=90),
        "enrolment_opens_at": timezone.now() - timedelta(days=30),
    } | fields
    return Semester.objects.create(**values)


def get_semester() -> Semester:
    return Semester.objects.first() or make_semester()


def make_venue(**fields: object) -> Venue:
    values = {
        "name": f"Biblioteket {number()}",
        "street": "Storgata 1",
        "town": "Sandnes",
        "how_to_find": "Inngang fra torget, andre etasje.",
    } | fields
    return Venue.objects.create(**values)


def make_tutor(**fields: object) -> Tutor:
    values = {"name": f"Kursholder {number()}"} | fields
    return Tutor.objects.create(**values)


def make_user(username: str = "", **fields: object) -> User:
    return User.objects.create_user(
        username or f"bruker{number()}", password="et langt passord", **fields
    )


def make_coordinator(username: str = "") -> User:
    """Somebody in the coordinators' group, with no permission beyond it."""
    user = make_user(username or f"koordinator{number()}", is_staff=True)
    user.groups.add(get_group("coordinators"))
    return user


def make_owner(**fields: object) -> User:
    """Somebody of the bodies that own the college, who sees figures."""
    user = make_user(f"eier{number()}", **fields)
    user.groups.add(get_group("owners"))
    return user


def get_group(name: str) -> Group:
    """A group of staff, made by every migrate."""
    return Group.objects.get(name=name)


def make_tutor_with_sign_in(**fields: object) -> Tutor:
    return make_tutor(user=make_user(f"kursholder{number()}"), **fields)


def make_course(*, with_pair: bool = True, **fields: object) -> Course:
    counter = number()
    values = {
        "title": f"Selvtillit {counter}",
        "discreet_title": f"Kurs {counter}",
        "slug": f"selvtillit-{counter}",
        "format": Course.Format.SHORT_COURSE,
        "summary": "Om å tro på seg selv.",
        "what_happens": "Vi snakker sammen. Det er pauser, og du kan gå når du vil.",
    } | fields
    course = Course.objects.create(**values)
    if with_pair:
        for role in PairRole.values:
            CourseDeveloper.objects.create(course=course, tutor=make_tutor(), role=role)
    return course


def make_opportunity(**fields: object) -> Opportunity:
    values = {
        "name": f"Koret {number()}",
        "kind": Opportunity.Kind.MUSIC,
        "about": "Vi synger sammen. Ingen prøvesang.",
        "website": "https://example.org/kor",
    } | fields
    return Opportunity.objects.create(**values)


def make_page(**fields: object) -> Page:
    """A published page in bokmål."""
    counter = number()
    values = {
        "slug": f"om-oss-{counter}",
        "titles": {"nb": f"Om oss {counter}"},
        "texts": {"nb": "Vi er en skole, og ikke en helsetjeneste."},
        "is_published": True,
    } | fields
    return Page.objects.create(**values)


def make_story(**fields: object) -> Page:
    """A published story, with a yes of today."""
    values = {
        "kind": Page.Kind.STORY,
        "titles": {"nb": "Stolen nærmest døra"},
        "texts": {"nb": "Jeg satt nærmest døra."},
        "consent_on": timezone.localdate(),
        "consent_how": "På papir",
    } | fields
    return make_page(**values)


def make_page_file(page: Page, **fields: object) -> PageFile:
    """A small file of plain text."""
    name, content = fields.pop("file_name", "referat.txt"), fields.pop("content", b"Referat")
    file = PageFile(page=page, **fields)
    file.hold(name=name, content=content)
    file.save()
    return file


def make_course_file(course: Course | None = None, **fields: object) -> CourseFile:
    """A small file of plain text; a link where `link` is given."""
    link = str(fields.pop("link", ""))
    name, content = fields.pop("file_name", "plan.txt"), fields.pop("content", b"Plan")
    file = CourseFile(course=course or make_course(), **({"title": "Planen"} | fields))
    if link:
        file.point_at(link)
    else:
        file.hold(name=str(name), content=bytes(content))
    file.save()
    return file


def make_session(run: CourseRun, *, in_days: float = 14, hours: float = 2, **fields: object):
    starts_at = fields.pop("starts_at", None) or (timezone.now() + timedelta(days=in_days)).replace(
        microsecond=0
    )
    values = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=hours)} | fields
    return CourseSession.objects.create(run=run, **values)


def make_run(
    *, with_pair: bool = True, in_days: float = 14, sessions: int = 1, **fields: object
) -> CourseRun:
    """A draft with a pair and weekly sessions."""
    values = {
        "course": fields.pop("course", None) or make_course(),
        "semester": fields.pop("semester", None) or get_semester(),
        "venue": fields.pop("venue", None) or make_venue(),
    } | fields
    if values.get("entry", "sign_up") == "sign_up":
        values.setdefault("capacity", 12)
    run = CourseRun.objects.create(**values)
    if with_pair:
        for role in PairRole.values:
            TutorAssignment.objects.create(run=run, tutor=make_tutor(), role=role)
    # Of one reading of the clock: all at the same time of day, also where a minute passes.
    first = (timezone.now() + timedelta(days=in_days)).replace(microsecond=0)
    for each in range(sessions):
        make_session(run, starts_at=first + timedelta(days=7 * each))
    return run


def make_published_run(**fields: object) -> CourseRun:
    """As the verb leaves it, without its checks: most of what a test needs is such a run."""
    get_college()
    run = make_run(**fields)
    CourseRun.objects.filter(pk=run.pk).update(
        status=CourseRun.Status.PUBLISHED, published_at=timezone.now()
    )
    return CourseRun.objects.get(pk=run.pk)


def make_student(**fields: object) -> Student:
    counter = number()
    values = {
        "name": f"Student {_in_a_name(counter)}",
        "email": f"student{counter}@example.org",
    } | fields
    values["email"] = normalise_email(str(values["email"]))
    without_email = "phone" if values.get("phone") else "none"
    values.setdefault("channel", "email" if values["email"] else without_email)
    return Student.objects.create(name_key=normalise_name(str(values["name"])), **values)


def make_person(**fields: object) -> services.Person:
    counter = number()
    values = {
        "name": f"Person {_in_a_name(counter)}",
        "email": f"person{counter}@example.org",
    } | fields
    return services.Person(**values)


def enrol(run: CourseRun, **fields: object) -> Enrolment:
    """Somebody new signs up through the verb."""
    person = fields.pop("person", None) or make_person()
    values = {"submission": uuid.uuid4(), "run": run, "person": person} | fields
    return services.enrol(**values).enrolment


def make_message(run: CourseRun, **fields: object) -> Message:
    """A draft to everybody on the run, kept through the verb."""
    values = {
        "submission": uuid.uuid4(),
        "audience": "both",
        "text": "Ta med innesko.",
        "language": "nb",
        "by": None,
    } | fields
    return services.save_message(run=run, **values)


def written(letter: Letter) -> Letter:
    """The letter with what it says now, as when it is sent."""
    letters.write(letter, college=College.objects.current())
    return letter


def said(*told: Letter) -> dict[int, str]:
    """By the letters' keys, what a page that is opened now shows of them."""
    waiting = Letter.objects.filter(pk__in=[each.pk for each in told])
    return {each.pk: letters.fingerprint(each) for each in letters.as_of_now(waiting)}


def shown(*told: Letter) -> str:
    """The same as the field of a form."""
    return " ".join(f"{pk}:{words}" for pk, words in said(*told).items())


def make_worker() -> uuid.UUID:
    """A letters worker that lives."""
    return LettersWorker.objects.create().key


def ask_for_page_link(contact: str, language: str = "nb") -> None:
    """«Send me my link», looked up by a worker at once."""
    services.ask_for_page_link(contact=contact, language=language)
    services.answer_link_requests()


def oslo(year: int, month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    """A moment of local time in Norway."""
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo("Europe/Oslo"))
