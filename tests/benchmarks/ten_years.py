"""Rows as of ten years, written in bulk: for measuring, never for a portal that people use.

600 runs, 5,000 students, 20,000 enrolments, 60,000 attendances, 30,000 letters, 40,000 events and
12,000 certificates. The newest semester is under way, and one of its runs has seventy people.
"""

import uuid
from datetime import date, timedelta

RUNS, STUDENTS, ENROLMENTS, ATTENDANCES = 600, 5_000, 20_000, 60_000
LETTERS, EVENTS, CERTIFICATES = 30_000, 40_000, 12_000
COURSES, SEMESTERS, TUTORS, VENUES, SESSIONS = 60, 20, 40, 12, 4
PEOPLE = 70  # on the largest run
BATCH = 2_000


def seed() -> int:
    """Write all of it, and return the key of the run with seventy people."""
    from django.utils import timezone

    from tests.factories import make_college

    make_college()
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    runs = _runs(now)
    enrolments = _people(runs, now)
    _what_they_took_part_in(enrolments, now)
    _letters_and_events(enrolments, now)
    return runs[-1].pk


def _runs(now):
    from courses.models import (
        Course,
        CourseDeveloper,
        CourseRun,
        CourseSession,
        Semester,
        Tutor,
        TutorAssignment,
        Venue,
    )

    tutors = Tutor.objects.bulk_create(Tutor(name=f"Kursholder {n}") for n in range(TUTORS))
    venues = Venue.objects.bulk_create(
        Venue(name=f"Hus {n}", street="Storgata 1", town="Sandnes") for n in range(VENUES)
    )
    courses = Course.objects.bulk_create(
        Course(
            title=f"Kurs {n}",
            discreet_title=f"Kurs {n}",
            slug=f"kurs-{n}",
            format="short_course",
            summary="Om å tro på seg selv.",
        )
        for n in range(COURSES)
    )
    CourseDeveloper.objects.bulk_create(
        CourseDeveloper(course=course, tutor=tutors[(n + each) % TUTORS], role=role)
        for n, course in enumerate(courses)
        for each, role in enumerate(("peer", "professional"))
    )
    semesters = Semester.objects.bulk_create(_semester(back, now) for back in range(SEMESTERS))
    semesters.reverse()  # the newest last
    each_semester = RUNS // SEMESTERS
    runs = CourseRun.objects.bulk_create(
        CourseRun(
            course=courses[n % COURSES],
            semester=semesters[n // each_semester],
            venue=venues[n % VENUES],
            capacity=PEOPLE if n == RUNS - 1 else 2 * ENROLMENTS // RUNS,
            status="published",
            published_at=now,
        )
        for n in range(RUNS)
    )
    for n, run in enumerate(runs):
        # In the newest semester some runs have ended, some are under way, and some begin later.
        run.first_day = now + timedelta(
            days=(n - RUNS + each_semester // 2) % each_semester * 3
            - 30
            - 182 * (SEMESTERS - 1 - n // each_semester)
        )
    runs[-1].first_day = now + timedelta(days=10)
    CourseSession.objects.bulk_create(
        (
            CourseSession(run=run, starts_at=start, ends_at=start + timedelta(hours=2))
            for run in runs
            for start in (run.first_day + timedelta(weeks=week) for week in range(SESSIONS))
        ),
        batch_size=BATCH,
    )
    TutorAssignment.objects.bulk_create(
        (
            TutorAssignment(run=run, tutor=tutors[(n + each) % TUTORS], role=role)
            for n, run in enumerate(runs)
            for each, role in enumerate(("peer", "professional"))
        ),
        batch_size=BATCH,
    )
    return runs


def _semester(back: int, now):
    """The semester so many half years before this one, which has two months behind it."""
    from courses.models import Semester

    starts_on = now.date() - timedelta(days=60 + 182 * back)
    return Semester(
        year=now.year - back // 2,
        term="autumn" if back % 2 == 0 else "spring",
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=150),
        enrolment_opens_at=now - timedelta(days=90 + 182 * back),
    )


def _people(runs, now):
    from courses.models import CourseRun
    from enrolment.models import Enrolment, Student

    students = Student.objects.bulk_create(
        (
            Student(
                name=f"Student {n}",
                name_key=f"student {n}",
                email=f"student{n}@example.org",
                channel="email",
            )
            for n in range(STUDENTS)
        ),
        batch_size=BATCH,
    )
    sizes = [(ENROLMENTS - PEOPLE) // (RUNS - 1)] * (RUNS - 1) + [PEOPLE]
    for extra in range(ENROLMENTS - sum(sizes)):
        sizes[extra] += 1
    first, enrolments = 0, []
    for run, size in zip(runs, sizes, strict=True):
        run.places_taken = size
        for place in range(size):
            enrolments.append(
                Enrolment(
                    student=students[(first + place) % STUDENTS],
                    run=run,
                    status="place",
                    submission=uuid.uuid4(),
                    enrolled_at=run.first_day - timedelta(days=60),  # all of it by now
                    placed_at=run.first_day - timedelta(days=60),
                )
            )
        first += size
    CourseRun.objects.bulk_update(runs, ["places_taken"], batch_size=200)
    return Enrolment.objects.bulk_create(enrolments, batch_size=BATCH)


def _what_they_took_part_in(enrolments, now) -> None:
    from certificates.models import Attendance, Certificate
    from courses.models import CourseSession

    sessions: dict[int, list[int]] = {}
    for pk, run_id in CourseSession.objects.values_list("pk", "run_id"):
        sessions.setdefault(run_id, []).append(pk)
    Attendance.objects.bulk_create(
        (
            Attendance(student_id=each.student_id, session_id=session, is_present=True)
            for each in enrolments[: ATTENDANCES // 3]
            for session in sessions[each.run_id][:3]
        ),
        batch_size=BATCH,
    )
    Certificate.objects.bulk_create(
        (
            Certificate(
                run_id=each.run_id,
                student_id=each.student_id,
                proof="0" * 64,
                language="nb",
                name=f"Student {n}",
                title="Kurs",
                title_language="nb",
                hours=6,
                sessions_attended=3,
                first_on=date(2026, 1, 1),
                last_on=date(2026, 2, 1),
                place="Sandnes",
                tutors=["Kursholder 1", "Kursholder 2"],
                college_name="Skolen",
                owners=[],
                wording_language="nb",
                issued_at=now,
            )
            for n, each in enumerate(enrolments[:CERTIFICATES])
        ),
        batch_size=BATCH,
    )


def _letters_and_events(enrolments, now) -> None:
    from enrolment.models import Event, Letter

    to_call = 20  # letters on paper that wait for the coordinator
    Letter.objects.bulk_create(
        (
            Letter(
                student_id=each.student_id,
                enrolment=each,
                kind="place",
                channel="email" if n < LETTERS - to_call else "phone",
                language="nb",
                subject="Du har plass",
                text="Hei.\n\nDu har plass.",
                dedupe_key=f"ten-years-{n}",
                owed_since=each.enrolled_at,
                sent_at=each.enrolled_at if n < LETTERS - to_call else None,
            )
            for n in range(LETTERS)
            for each in [enrolments[(n - LETTERS) % len(enrolments)]]
        ),
        batch_size=BATCH,
    )
    Event.objects.bulk_create(
        (
            Event(
                verb="enrolled",
                subject="enrolment",
                subject_id=enrolments[n % len(enrolments)].pk,
                happened_at=now,
            )
            for n in range(EVENTS)
        ),
        batch_size=BATCH,
    )
