"""A small college that was counted by hand: what it comes to stands in `test_figures`."""

import uuid
from datetime import date, datetime

from certificates.models import Attendance, Certificate
from courses.models import (
    Course,
    CourseRun,
    CourseSession,
    Semester,
    Substitution,
    TutorAssignment,
    Venue,
)
from enrolment.models import Enrolment, Student
from tests import factories
from tests.factories import oslo

# The day on which it is counted.
NOW = oslo(2025, 12, 1)


def make_semester(year: int, term: str) -> Semester:
    is_spring = term == "spring"
    return Semester.objects.create(
        year=year,
        term=term,
        starts_on=date(year, 1 if is_spring else 8, 10),
        ends_on=date(year, 6 if is_spring else 12, 15),
        enrolment_opens_at=oslo(year - 1, 12, 1),
    )


def make_run(
    semester: Semester,
    course: Course,
    venue: Venue | None,
    days: list[datetime],
    *,
    hours: float = 2,
    **fields: object,
) -> CourseRun:
    values = {"status": "published", "published_at": oslo(2024, 6, 1), "course": course} | fields
    run = factories.make_run(semester=semester, venue=venue, sessions=0, **values)
    for starts_at in days:
        factories.make_session(run, starts_at=starts_at, hours=hours)
    return run


def make_students(names: str, **fields: object) -> dict[str, Student]:
    return {name: factories.make_student(name=name, **fields) for name in names}


def sign_up(run: CourseRun, student: Student, status: str = "place") -> Enrolment:
    moment = oslo(2025, 1, 2)
    return Enrolment.objects.create(
        student=student,
        run=run,
        status=status,
        submission=uuid.uuid4(),
        enrolled_at=moment,
        placed_at=moment if status == "place" else None,
        withdrawn_at=moment if status == "withdrawn" else None,
    )


def mark(session: CourseSession, *students: Student, is_present: bool = True) -> None:
    Attendance.objects.bulk_create(
        Attendance(session=session, student=each, is_present=is_present) for each in students
    )


def certify(run: CourseRun, student: Student, **fields: object) -> Certificate:
    values = {
        "proof": "0" * 64,
        "language": "nb",
        "name": student.name,
        "title": "Kurs",
        "hours": 2,
        "sessions_attended": 1,
        "first_on": date(2025, 2, 1),
        "last_on": date(2025, 2, 1),
        "place": "Sandnes",
        "tutors": [],
        "college_name": "Skolen",
        "owners": [],
    } | fields
    return Certificate.objects.create(run=run, student=student, **values)


class Counted:
    """Three people in 2024; in 2025 a short course, a series, a café and a closed group."""

    def __init__(self) -> None:
        factories.make_college()
        self.people = people = make_students("ABCDEFGHZ")
        for name, municipality in {"A": "Sola", "B": "Sola", "C": "Time"}.items():
            Student.objects.filter(pk=people[name].pk).update(municipality=municipality)
        autumn_before = make_semester(2024, "autumn")
        spring, autumn = make_semester(2025, "spring"), make_semester(2025, "autumn")
        library = factories.make_venue(name="Biblioteket")
        house = factories.make_venue(name="Huset")
        home = factories.make_venue(name="Bofellesskapet", is_public=False)
        hope = factories.make_course(title="Håp", format="short_course")
        sleep = factories.make_course(title="Søvn", format="series", with_pair=False)
        cafe = factories.make_course(title="Kafé", format="cafe")
        housing = factories.make_course(title="Hjemme", format="housing_workshop")

        before = make_run(autumn_before, hope, library, [oslo(2024, 10, 1)])
        mark(before.sessions.get(), *(people[name] for name in "ABZ"))

        self.hope = run = make_run(spring, hope, library, [oslo(2025, 2, 3), oslo(2025, 2, 10)])
        first, second = run.sessions.all()
        for name, status in zip("ABCDE", ["place"] * 3 + ["waiting", "withdrawn"], strict=True):
            sign_up(run, people[name], status)
        mark(first, *(people[name] for name in "ABC"))
        mark(second, people["A"], people["B"])
        mark(second, people["C"], is_present=False)
        certify(run, people["A"])
        certify(run, people["B"])
        certify(run, people["C"], revoked_at=oslo(2025, 3, 1))
        # Nobody stood in for the peer.
        peer = TutorAssignment.objects.get(run=run, role="peer")
        Substitution.objects.create(session=second, assignment=peer, tutor=None)

        self.sleep = run = make_run(spring, sleep, house, [oslo(2025, 4, 1)], hours=3)
        for name in "ABCDEFGH":
            sign_up(run, people[name])
        sign_up(run, people["H"], "withdrawn")  # before signing up again
        mark(run.sessions.get(), *(people[name] for name in "ABCDEFG"))
        mark(run.sessions.get(), people["H"], is_present=False)
        professional = TutorAssignment.objects.get(run=run, role="professional")
        stand_in = factories.make_tutor()
        Substitution.objects.create(
            session=run.sessions.get(), assignment=professional, tutor=stand_in
        )

        days = [oslo(2025, 9, 2), oslo(2025, 9, 9), oslo(2025, 9, 16)]
        run = make_run(autumn, cafe, house, days, entry="drop_in")
        for session, heads in zip(run.sessions.all(), [12, 9, None], strict=True):
            off = oslo(2025, 9, 15) if heads is None else None
            CourseSession.objects.filter(pk=session.pk).update(headcount=heads, cancelled_at=off)
        run = make_run(autumn, housing, home, [oslo(2025, 10, 1)], hours=1.5, entry="closed")
        run.sessions.update(headcount=4)

        for run in (self.hope, self.sleep):
            taken = run.enrolments.with_place().count()
            CourseRun.objects.filter(pk=run.pk).update(
                places_taken=taken, waiting=run.enrolments.waiting().count()
            )

        # None of these counts: a draft, one that was cancelled before it began, one to come.
        make_run(autumn, hope, library, [oslo(2025, 9, 1)], status="draft", published_at=None)
        off = make_run(
            autumn,
            hope,
            library,
            [oslo(2025, 9, 1)],
            status="cancelled",
            cancelled_at=oslo(2025, 8, 20),
        )
        sign_up(off, people["A"])
        to_come = make_run(autumn, hope, library, [oslo(2025, 12, 8)])
        sign_up(to_come, people["A"])
        CourseRun.objects.filter(pk__in=[off.pk, to_come.pk]).update(places_taken=1)
