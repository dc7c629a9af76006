"""Every verb and the events it leaves: the one table, and a test that runs each line of it.

A new function of a `services` package without a line fails: a verb about people or what they signed
up for leaves an event; what leaves none stands below with the reason.
"""

import inspect
import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from types import ModuleType

import pytest
from django.contrib.auth.models import User
from django.db.models import Model
from django.utils import timezone

import certificates.event_labels
import certificates.services
import courses.services
import enrolment.event_labels
import enrolment.services
import recoverycollege.people.merging
from certificates.models import Attendance, Certificate, SessionCode
from certificates.services import Cell, Mark
from courses.models import CourseRun, CourseSession
from enrolment.models import Adjustment, Enrolment, Event, Interest, Letter
from tests import factories
from tests.enrolment.places import after_the_close

pytestmark = pytest.mark.django_db

SERVICES: dict[str, ModuleType] = {
    "courses": courses.services,
    "enrolment": enrolment.services,
    "certificates": certificates.services,
    "people": recoverycollege.people.merging,
}

# Ask and write nothing.
QUESTIONS = {
    "enrolment.last_seen_worker",
    "courses.check_not_too_many",
    "courses.check_pairs",
    "courses.clashes_with",
    "courses.plan_copy",
    "courses.repeating_runs",
    "courses.days_off",
    "courses.clashes",
    "courses.is_coordinators_own",
    "courses.is_taken",
    "courses.lock_course_with_runs",
    "courses.lock_course",
    "courses.lock_run",
    "courses.read_run",
    "courses.lock_runs_of_semester",
    "courses.missing_for_publication",
    "courses.moment",
    "courses.session_times",
    "courses.shifted",
    "courses.slug_is_frozen",
    "courses.suggested_first_day",
    "enrolment.asked_to_wait",
    "enrolment.telling",
    "enrolment.telling_of",
    "enrolment.check_can_be_cancelled",
    "enrolment.check_can_be_draft",
    "enrolment.check_can_be_told",
    "enrolment.check_can_be_moved",
    "enrolment.check_open",
    "enrolment.plan_move",
    "enrolment.live_twice",
    "enrolment.lock_students",
    "enrolment.merged_contact",
    "certificates.attended_sessions",
    "certificates.certified_twice",
    "certificates.marked_twice",
    "certificates.begun_sessions",
    "certificates.can_be_read",
    "certificates.can_have_code",
    "certificates.changed_since_issue",
    "certificates.check_left",
    "certificates.code_closes_at",
    "certificates.code_is_open",
    "certificates.count_key_change",
    "certificates.given_at",
    "certificates.has_guessed_too_often",
    "certificates.normalise_code",
    "certificates.normalise_number",
    "certificates.on_register_at",
    "certificates.readable_until",
    "certificates.session_of_code",
    "certificates.verify",
    "people.plan_merge",
    "people.suggest_kept",
}

# Write, and leave no event.
WITHOUT_EVENT = {
    "courses.copy_runs": "the catalogue is no data about people",
    "courses.delete_unused_portraits": "what no tutor has any more",
    "courses.delete_tutor": "the catalogue is no data about people",
    "courses.let_in_again": "stands in the tutor's own history",
    "courses.publish": "the catalogue is no data about people",
    "courses.save_college": "the college is no data about people",
    "courses.save_course": "the catalogue is no data about people",
    "courses.save_tutor": "the catalogue is no data about people",
    "enrolment.answer_link_requests": "the letter itself says when it was asked for",
    "enrolment.ask_for_page_link": "may be somebody whom we do not know",
    "enrolment.ask_to_be_told": "may be somebody whom we do not know",
    "enrolment.count_interest": "counts tries of a network",
    "enrolment.end_interest": "the row itself is gone, and it was nobody's whom we know",
    "enrolment.keep_interest": "the person's own choice, which the row shows",
    "enrolment.close_page_link": "a link is closed by nobody whom we know",
    "enrolment.count_link_request": "counts tries of a network",
    "enrolment.count_sign_up": "counts tries of a network",
    "enrolment.delete_draft": "nobody was told",
    "enrolment.save_message": "nobody is told yet, and the draft itself says who wrote it",
    "enrolment.purge_closed_links": "a hash that tells of nobody",
    "enrolment.purge_repeated_submissions": "an answer, not what somebody wrote",
    "enrolment.owe_reminders": "the letter itself says when it was owed",
    "enrolment.publish_run": "the catalogue is no data about people",
    "enrolment.overtake_untrue": "the letter itself says by what it was overtaken",
    "enrolment.purge_merged_keys": "a random key, whose student keeps the event of the merge",
    "enrolment.purge_link_requests": "an address of which nobody knows whose it is",
    "enrolment.renew_calendar_address": "the student's own choice, which takes nothing away",
    "enrolment.send_due": "the letter itself says when it was sent",
    "enrolment.send_once": "the letters themselves say when they were sent",
    "enrolment.use_language": "the student's own choice, which the enrolments show",
    "enrolment.work": "the letters themselves say when they were sent",
    "certificates.change_key": "the proofs, not the people",
    "certificates.check_key": "the key, not the people",
    "certificates.count_check": "counts tries of a network",
    "certificates.count_wrong_code": "counts tries of a network",
}


class Scene:
    """A run with one place: somebody has it, somebody waits; and a coordinator."""

    def __init__(self) -> None:
        self.by: User = factories.make_coordinator()
        self.run = factories.make_published_run(capacity=1)
        self.session: CourseSession = self.run.sessions.get()
        self.enrolment = factories.enrol(self.run, adjustment="Stor skrift")
        self.waiting = factories.enrol(self.run)
        self.adjustment: Adjustment = self.enrolment.adjustments.get()
        self.letter: Letter = self.enrolment.letters.get()

    def begin(self) -> None:
        """The session has begun, and somebody counted whoever is there."""
        self.session.starts_at = timezone.now() - timedelta(hours=1)
        self.session.ends_at = timezone.now() + timedelta(hours=1)
        self.session.headcount = 9
        self.session.save()

    def mark(self, shown: Mark, wanted: Mark) -> Attendance | None:
        certificates.services.save_register(
            run=self.run,
            session=self.session,
            cells={self.enrolment.student_id: Cell(shown, wanted)},
            by=self.by,
        )
        return self.session.attendances.first()

    def certificate(self) -> Certificate:
        self.begin()
        self.mark(Mark.UNMARKED, Mark.PRESENT)
        [issued] = certificates.services.issue(run=self.run, by=self.by)
        return issued


Rows = list[Model]
# What is done after the events are counted; returns the rows that the events are about.
Done = Callable[[], Rows]


def enrol(scene: Scene) -> Done:
    return lambda: [factories.enrol(scene.run, by=scene.by)]


def withdraw(scene: Scene) -> Done:
    return lambda: [
        enrolment.services.withdraw(enrolment=scene.enrolment, by=scene.by),
        scene.waiting,
    ]


def undo_withdrawal(scene: Scene) -> Done:
    enrolment.services.withdraw(enrolment=scene.enrolment)
    return lambda: [
        enrolment.services.undo_withdrawal(enrolment=scene.enrolment, by=scene.by).enrolment
    ]


def give_up_companion(scene: Scene) -> Done:
    pair = factories.enrol(scene.run, places=2)
    return lambda: [enrolment.services.give_up_companion(enrolment=pair, by=scene.by)]


def set_capacity(scene: Scene) -> Done:
    return lambda: [
        enrolment.services.set_capacity(run=scene.run, capacity=2, by=scene.by),
        scene.waiting,
    ]


def fill_queue(scene: Scene) -> Done:
    CourseRun.objects.update(capacity=2)

    def done() -> Rows:
        enrolment.services.fill_queue(run=scene.run)
        return [scene.waiting]

    return done


def record_call(scene: Scene) -> Done:
    CourseRun.objects.update(capacity=2)

    def done() -> Rows:
        with after_the_close(scene.run):
            enrolment.services.record_call(
                enrolment=scene.waiting, outcome=Enrolment.CallOutcome.YES, by=scene.by
            )
        return [scene.waiting, scene.waiting]

    return done


def reopen_call(scene: Scene) -> Done:
    Enrolment.objects.filter(pk=scene.waiting.pk).update(
        call_outcome=Enrolment.CallOutcome.UNREACHED
    )
    return lambda: [enrolment.services.reopen_call(enrolment=scene.waiting, by=scene.by)]


def cancel_run(scene: Scene) -> Done:
    def done() -> Rows:
        enrolment.services.cancel_run(run=scene.run, by=scene.by)
        return [scene.run]

    return done


def announce_change(scene: Scene) -> Done:
    def done() -> Rows:
        enrolment.services.announce_change(run=scene.run, by=scene.by)
        return [scene.run]

    return done


def back_to_draft(scene: Scene) -> Done:
    run = factories.make_published_run()

    def done() -> Rows:
        enrolment.services.back_to_draft(run=run, by=scene.by)
        return [run]

    return done


def change_entry(scene: Scene) -> Done:
    run = factories.make_published_run()
    edit = enrolment.services.RunEdit({"entry": CourseRun.Entry.DROP_IN, "capacity": None})

    def done() -> Rows:
        enrolment.services.save_run(run=run, edit=edit, by=scene.by)
        return [run]

    return done


def move_silently(scene: Scene) -> Done:
    run = factories.make_published_run()
    factories.enrol(run)
    session = enrolment.services.SessionEdit(
        run.sessions.get().pk, {"ends_at": run.ends_at + timedelta(hours=1)}
    )

    def done() -> Rows:
        enrolment.services.save_run(
            run=run,
            edit=enrolment.services.RunEdit(sessions=[session]),
            announcement=enrolment.services.Announcement.SILENT,
            by=scene.by,
        )
        return [run]

    return done


def move_venue(scene: Scene) -> Done:
    def done() -> Rows:
        enrolment.services.save_venue(
            venue=scene.run.venue,
            fields={"street": "Nygata 4"},
            announcement=enrolment.services.Announcement.TELL,
            by=scene.by,
        )
        return [scene.run]

    return done


def move_run(scene: Scene) -> Done:
    move = enrolment.services.Move(days=7)
    plan = enrolment.services.plan_move(run=scene.run, move=move)

    def done() -> Rows:
        enrolment.services.move_run(
            run=scene.run,
            move=move,
            shown=plan.fingerprint,
            announcement=enrolment.services.Announcement.TELL,
            by=scene.by,
        )
        return [scene.run, scene.run]

    return done


def cancel_session(scene: Scene, *, is_cancelled: bool = True) -> Done:
    run = factories.make_published_run(sessions=2)
    last = run.sessions.last()
    if not is_cancelled:
        run.sessions.filter(pk=last.pk).update(cancelled_at=timezone.now())
    session = enrolment.services.SessionEdit(last.pk, is_cancelled=is_cancelled)

    def done() -> Rows:
        edit = enrolment.services.RunEdit(sessions=[session])
        enrolment.services.save_run(run=run, edit=edit, by=scene.by)
        return [last, run]

    return done


def cancel_on_programme(scene: Scene) -> Done:
    run = factories.make_published_run(sessions=2)
    last = run.sessions.last()
    edit = enrolment.services.RunEdit(
        sessions=[enrolment.services.SessionEdit(last.pk, is_cancelled=True)]
    )

    def done() -> Rows:
        certificates.services.save_programme(run=run, edit=edit, by=scene.by)
        return [last, run]

    return done


def put_in_front(verb: str) -> Callable[[Scene], Done]:
    """The pages of who stands in: each verb writes one fact about one session, or the run."""

    def prepared(scene: Scene) -> Done:
        run = factories.make_run()
        session, away = run.sessions.get(), run.assignments.first()
        named = {"run": run, "assignment": away, "by": scene.by}
        other = factories.make_tutor()

        def done() -> Rows:
            match verb:
                case "stand_in":
                    enrolment.services.stand_in(sessions=[session], tutor=other, **named)
                case "record_absence":
                    enrolment.services.record_absence(sessions=[session], **named)
                case "hand_over":
                    enrolment.services.hand_over(from_session=session, tutor=other, **named)
                    return [run]
                case "end_substitution":
                    enrolment.services.end_substitution(
                        substitution=away.substitutions.get(), by=scene.by
                    )
            return [session]

        if verb == "end_substitution":
            away.substitutions.create(session=session, tutor=other)
        return done

    return prepared


def change_contact(scene: Scene) -> Done:
    student = scene.enrolment.student
    return lambda: [
        enrolment.services.change_contact(student=student, phone="+4790123456", by=scene.by)
    ]


def mark_arranged(*, is_arranged: bool) -> Callable[[Scene], Done]:
    def prepared(scene: Scene) -> Done:
        arranged_at = None if is_arranged else timezone.now()
        Adjustment.objects.update(arranged_at=arranged_at)
        return lambda: [
            enrolment.services.mark_arranged(
                adjustment=scene.adjustment, is_arranged=is_arranged, by=scene.by
            )
        ]

    return prepared


def record_letter_outcomes(outcome: Letter.Outcome) -> Callable[[Scene], Done]:
    def prepared(scene: Scene) -> Done:
        letters = list(Letter.objects.order_by("pk"))
        said = factories.said(*letters)

        def done() -> Rows:
            enrolment.services.record_letter_outcomes(said=said, outcome=outcome, by=scene.by)
            return [*letters]

        return done

    return prepared


def send_again(scene: Scene) -> Done:
    return lambda: [enrolment.services.send_again(letter=scene.letter, by=scene.by)]


def send_all_again(scene: Scene) -> Done:
    Letter.objects.filter(pk=scene.letter.pk).update(last_error="SMTPDataError 451")

    def done() -> Rows:
        enrolment.services.send_all_again(by=scene.by)
        return [scene.letter]

    return done


def send_message(scene: Scene) -> Done:
    message = factories.make_message(scene.run)

    def done() -> Rows:
        enrolment.services.send_message(message=message, by=scene.by)
        return [message]

    return done


def purge_messages(scene: Scene) -> Done:
    message = factories.make_message(scene.run)

    def done() -> Rows:
        enrolment.services.purge_messages(now=timezone.now() + timedelta(days=1000))
        return [message]

    return done


def purge_adjustments(scene: Scene) -> Done:
    def done() -> Rows:
        much_later = timezone.now() + timedelta(days=1000)
        enrolment.services.purge_adjustments(now=much_later)
        return [scene.adjustment]

    return done


def take_back_letter_outcomes(scene: Scene) -> Done:
    Letter.objects.filter(pk=scene.letter.pk).update(sent_at=timezone.now(), outcome="reached")
    return lambda: list(
        enrolment.services.take_back_letter_outcomes(letters=[scene.letter.pk], by=scene.by)
    )


def asked_to_be_told(scene: Scene) -> Interest:
    enrolment.services.ask_to_be_told(
        course=scene.run.course, name="", email="ola@example.org", phone="", language="nb"
    )
    return Interest.objects.get()


def end_interests_at(scene: Scene) -> Done:
    asked = asked_to_be_told(scene)

    def done() -> Rows:
        enrolment.services.end_interests_at(contact=asked.email, by=scene.by)
        return [asked]

    return done


def purge_interests(scene: Scene) -> Done:
    asked = asked_to_be_told(scene)

    def done() -> Rows:
        enrolment.services.purge_interests(now=timezone.now() + timedelta(days=1000))
        return [asked]

    return done


def save_register(shown: Mark, wanted: Mark) -> Callable[[Scene], Done]:
    def prepared(scene: Scene) -> Done:
        scene.begin()
        row = scene.mark(Mark.UNMARKED, shown) if shown else None
        return lambda: [scene.mark(shown, wanted) or row]

    return prepared


def add_walk_in(scene: Scene) -> Done:
    scene.begin()

    def done() -> Rows:
        student = certificates.services.add_walk_in(
            run=scene.run, session=scene.session, name="Kåre", by=scene.by
        )
        return [Attendance.objects.get(student=student)]

    return done


def set_headcount(scene: Scene) -> Done:
    scene.begin()

    def done() -> Rows:
        certificates.services.set_headcount(
            run=scene.run, session=scene.session, headcount=3, by=scene.by
        )
        return [scene.session]

    return done


def make_code(scene: Scene) -> Done:
    def done() -> Rows:
        certificates.services.make_code(run=scene.run, session=scene.session, by=scene.by)
        return [SessionCode.objects.get()]

    return done


def claim(scene: Scene) -> Done:
    scene.begin()
    return lambda: [
        certificates.services.claim(
            session=scene.session, name="Kari", language="nb", submission=uuid.uuid4()
        )
    ]


def issue(scene: Scene) -> Done:
    scene.begin()
    scene.mark(Mark.UNMARKED, Mark.PRESENT)
    return lambda: list(certificates.services.issue(run=scene.run, by=scene.by))


def issue_by_name(scene: Scene) -> Done:
    scene.begin()
    return lambda: list(
        certificates.services.issue_by_name(
            run=scene.run, sessions=[scene.session], names=["Kari"], language="nb", by=scene.by
        ).certificates
    )


def reissue(scene: Scene) -> Done:
    old = scene.certificate()
    return lambda: [
        old,
        certificates.services.reissue(certificate=old, name="Kari Nordmann", by=scene.by),
    ]


def revoke(scene: Scene) -> Done:
    issued = scene.certificate()

    def done() -> Rows:
        certificates.services.revoke(certificate=issued, by=scene.by)
        return [issued]

    return done


def purge_old_names(scene: Scene) -> Done:
    scene.begin()
    claimed = certificates.services.claim(
        session=scene.session, name="Kari", language="nb", submission=uuid.uuid4()
    )

    def done() -> Rows:
        certificates.services.purge_old_names(now=timezone.now() + timedelta(days=1000))
        return [claimed]

    return done


def erase_name(scene: Scene) -> Done:
    issued = scene.certificate()

    def done() -> Rows:
        certificates.services.erase_name(Certificate.objects.filter(pk=issued.pk))
        return [issued]

    return done


def merge_students(scene: Scene) -> Done:
    """The two of the scene were one: the place that comes free goes to a third."""
    CourseRun.objects.update(capacity=2)
    enrolment.services.fill_queue(run=scene.run)
    third = factories.enrol(scene.run)
    kept, gone = scene.enrolment.student, scene.waiting.student

    def done() -> Rows:
        enrolment.services.merge_students(
            kept=kept,
            gone=gone,
            runs={scene.run.pk: courses.services.lock_run(scene.run.pk)},
            by=scene.by,
        )
        return [scene.waiting, kept, third]

    return done


def merge_taken_part(scene: Scene) -> Done:
    """Both have a certificate for the run."""
    certificate = scene.certificate()
    gone = factories.make_student()
    Attendance.objects.create(student=gone, session=scene.session, is_present=True)
    [other] = certificates.services.issue(run=scene.run, by=scene.by)

    def done() -> Rows:
        certificates.services.merge_taken_part(kept=certificate.student, gone=gone, by=scene.by)
        return [other]

    return done


def merge(scene: Scene) -> Done:
    kept, gone = factories.make_student(), factories.make_student()

    def done() -> Rows:
        recoverycollege.people.merging.merge(kept=kept, gone=gone, by=scene.by)
        return [kept]

    return done


BY_STAFF, BY_NOBODY = True, False
# The function, what is done with it, and the events: the verb, the kind of row, whether it says
# which member of staff did it.
VERBS: list[tuple[str, Callable[[Scene], Done], list[tuple[str, str, bool]]]] = [
    ("enrolment.enrol", enrol, [("enrolled", "enrolment", BY_STAFF)]),
    (
        "enrolment.withdraw",
        withdraw,
        [("withdrew", "enrolment", BY_STAFF), ("got_place", "enrolment", BY_NOBODY)],
    ),
    ("enrolment.undo_withdrawal", undo_withdrawal, [("enrolled", "enrolment", BY_STAFF)]),
    (
        "enrolment.give_up_companion",
        give_up_companion,
        [("gave_up_companion", "enrolment", BY_STAFF)],
    ),
    (
        "enrolment.set_capacity",
        set_capacity,
        [("changed_capacity", "courserun", BY_STAFF), ("got_place", "enrolment", BY_NOBODY)],
    ),
    ("enrolment.fill_queue", fill_queue, [("got_place", "enrolment", BY_NOBODY)]),
    (
        "enrolment.record_call",
        record_call,
        [("called", "enrolment", BY_STAFF), ("got_place", "enrolment", BY_STAFF)],
    ),
    ("enrolment.reopen_call", reopen_call, [("reopened_call", "enrolment", BY_STAFF)]),
    ("enrolment.cancel_run", cancel_run, [("cancelled", "courserun", BY_STAFF)]),
    ("enrolment.announce_change", announce_change, [("changed_programme", "courserun", BY_STAFF)]),
    ("enrolment.back_to_draft", back_to_draft, [("back_to_draft", "courserun", BY_STAFF)]),
    (
        "enrolment.move_run",
        move_run,
        [("changed_programme", "courserun", BY_STAFF), ("moved", "courserun", BY_STAFF)],
    ),
    ("enrolment.save_run", change_entry, [("changed_entry", "courserun", BY_STAFF)]),
    ("enrolment.save_run", move_silently, [("changed_silently", "courserun", BY_STAFF)]),
    (
        "enrolment.save_run",
        cancel_session,
        [
            ("cancelled_session", "coursesession", BY_STAFF),
            ("changed_programme", "courserun", BY_STAFF),
        ],
    ),
    ("enrolment.save_venue", move_venue, [("changed_programme", "courserun", BY_STAFF)]),
    (
        "enrolment.save_run",
        partial(cancel_session, is_cancelled=False),
        [
            ("restored_session", "coursesession", BY_STAFF),
            ("changed_programme", "courserun", BY_STAFF),
        ],
    ),
    ("enrolment.stand_in", put_in_front("stand_in"), [("substituted", "coursesession", BY_STAFF)]),
    (
        "enrolment.record_absence",
        put_in_front("record_absence"),
        [("absent", "coursesession", BY_STAFF)],
    ),
    ("enrolment.hand_over", put_in_front("hand_over"), [("handed_over", "courserun", BY_STAFF)]),
    (
        "enrolment.end_substitution",
        put_in_front("end_substitution"),
        [("took_back_substitute", "coursesession", BY_STAFF)],
    ),
    (
        "enrolment.merge_students",
        merge_students,
        [
            ("merged_place", "enrolment", BY_STAFF),
            ("merged", "student", BY_STAFF),
            ("got_place", "enrolment", BY_NOBODY),
        ],
    ),
    ("certificates.merge_taken_part", merge_taken_part, [("revoked", "certificate", BY_STAFF)]),
    ("people.merge", merge, [("merged", "student", BY_STAFF)]),
    ("enrolment.change_contact", change_contact, [("changed_contact", "student", BY_STAFF)]),
    (
        "enrolment.mark_arranged",
        mark_arranged(is_arranged=True),
        [("arranged", "adjustment", BY_STAFF)],
    ),
    (
        "enrolment.mark_arranged",
        mark_arranged(is_arranged=False),
        [("not_arranged", "adjustment", BY_STAFF)],
    ),
    *(
        (
            "enrolment.record_letter_outcomes",
            record_letter_outcomes(outcome),
            [(f"letter_{outcome}", "letter", BY_STAFF)] * 2,
        )
        for outcome in Letter.Outcome
    ),
    (
        "enrolment.take_back_letter_outcomes",
        take_back_letter_outcomes,
        [("took_back_letter", "letter", BY_STAFF)],
    ),
    ("enrolment.send_all_again", send_all_again, [("sent_again", "letter", BY_STAFF)]),
    ("enrolment.send_again", send_again, [("sent_again", "letter", BY_STAFF)]),
    ("enrolment.send_message", send_message, [("sent_message", "message", BY_STAFF)]),
    ("enrolment.purge_messages", purge_messages, [("purged", "message", BY_NOBODY)]),
    ("enrolment.end_interests_at", end_interests_at, [("ended_interest", "interest", BY_STAFF)]),
    ("enrolment.purge_interests", purge_interests, [("purged", "interest", BY_NOBODY)]),
    ("enrolment.purge_adjustments", purge_adjustments, [("purged", "adjustment", BY_NOBODY)]),
    (
        "certificates.save_register",
        save_register(Mark.UNMARKED, Mark.PRESENT),
        [("marked", "attendance", BY_STAFF)],
    ),
    (
        "certificates.save_register",
        save_register(Mark.PRESENT, Mark.ABSENT),
        [("marked", "attendance", BY_STAFF)],
    ),
    (
        "certificates.save_register",
        save_register(Mark.ABSENT, Mark.UNMARKED),
        [("unmarked", "attendance", BY_STAFF)],
    ),
    (
        "certificates.save_programme",
        cancel_on_programme,
        [
            ("cancelled_session", "coursesession", BY_STAFF),
            ("changed_programme", "courserun", BY_STAFF),
        ],
    ),
    ("certificates.add_walk_in", add_walk_in, [("turned_up", "attendance", BY_STAFF)]),
    ("certificates.set_headcount", set_headcount, [("counted", "coursesession", BY_STAFF)]),
    ("certificates.make_code", make_code, [("made_code", "sessioncode", BY_STAFF)]),
    ("certificates.claim", claim, [("claimed", "certificate", BY_NOBODY)]),
    ("certificates.issue", issue, [("issued", "certificate", BY_STAFF)]),
    ("certificates.issue_by_name", issue_by_name, [("issued", "certificate", BY_STAFF)]),
    (
        "certificates.reissue",
        reissue,
        [("replaced", "certificate", BY_STAFF), ("issued", "certificate", BY_STAFF)],
    ),
    ("certificates.revoke", revoke, [("revoked", "certificate", BY_STAFF)]),
    ("certificates.purge_old_names", purge_old_names, [("purged", "certificate", BY_NOBODY)]),
    ("certificates.erase_name", erase_name, [("purged", "certificate", BY_NOBODY)]),
]


def test_every_function_of_the_services_has_a_line() -> None:
    public = {
        f"{app}.{name}"
        for app, module in SERVICES.items()
        for name in module.__all__
        if inspect.isfunction(getattr(module, name))
    }
    listed = QUESTIONS | WITHOUT_EVENT.keys() | {name for name, _prepare, _events in VERBS}
    assert public == listed, (
        "Give the new function a line in VERBS with its events; in WITHOUT_EVENT with the reason; "
        "or in QUESTIONS if it writes nothing."
    )


# Leave an event, and happen at no moment but the present.
ONLY_NOW = {
    "certificates.erase_name",  # what was there is gone from now on
    "enrolment.end_interests_at",
    "enrolment.record_letter_outcomes",  # as a letter is sent: now
    "enrolment.send_again",
    "enrolment.send_all_again",
    "enrolment.take_back_letter_outcomes",
}


def test_every_verb_takes_the_moment_it_happens_at() -> None:
    without = set()
    for name in {name for name, _prepare, _events in VERBS}:
        app, _dot, function = name.partition(".")
        now = inspect.signature(getattr(SERVICES[app], function)).parameters.get("now")
        if now is None or now.kind != now.KEYWORD_ONLY:
            without.add(name)
    assert without == ONLY_NOW, (
        "A verb that leaves an event takes `now`, the present if not given: the demo college's "
        "history is made by the verbs themselves."
    )


def test_every_event_has_its_verb() -> None:
    labels = {*enrolment.event_labels.EVENT_LABELS, *certificates.event_labels.EVENT_LABELS}
    assert {verb for *_rest, events in VERBS for verb, _subject, _by in events} == labels


@pytest.mark.parametrize(
    ("prepare", "events"),
    [pytest.param(prepare, events, id=f"{name}-{events[0][0]}") for name, prepare, events in VERBS],
)
def test_verb_leaves_its_events(
    prepare: Callable[[Scene], Done], events: list[tuple[str, str, bool]]
) -> None:
    scene = Scene()
    done = prepare(scene)
    before = set(Event.objects.values_list("pk", flat=True))

    rows = done()

    left = Event.objects.exclude(pk__in=before).order_by("pk")
    assert [(each.verb, each.subject, each.subject_id, each.actor) for each in left] == [
        (verb, subject, row.pk, scene.by if is_by_staff else None)
        for (verb, subject, is_by_staff), row in zip(events, rows, strict=True)
    ]
