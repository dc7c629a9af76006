"""What happens in each line of `tests.test_verbs` that is about who takes part."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

import certificates.event_labels
import certificates.services
import enrolment.event_labels
import enrolment.services
from courses.models import CourseRun
from enrolment.models import Adjustment, Enrolment, Interest, Letter, Question
from tests import factories
from tests.enrolment.places import after_the_close
from tests.verb_scene import Done, Rows, Scene


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


def correct_own(scene: Scene) -> Done:
    student = scene.enrolment.student
    return lambda: [enrolment.services.correct_own(student=student, phone="+4790123456")]


def confirm_new_email(scene: Scene) -> Done:
    student = scene.enrolment.student
    letter = enrolment.services.ask_for_new_email(student=student, email="ny@example.org")
    return lambda: [enrolment.services.confirm_new_email(student=student, letter=letter, name=None)]


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


def keep_student(scene: Scene) -> Done:
    student = scene.enrolment.student

    def done() -> Rows:
        enrolment.services.keep_student(student=student, by=scene.by)
        return [student]

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


def asked_question() -> Question:
    enrolment.services.ask_question(
        text="Når begynner det?", contact="ola@example.org", language="nb", course=None
    )
    return Question.objects.get()


def mark_answered(*, is_answered: bool) -> Callable[[Scene], Done]:
    def prepare(scene: Scene) -> Done:
        question = asked_question()
        answered_at = None if is_answered else timezone.now()
        Question.objects.update(answered_at=answered_at)
        return lambda: [
            enrolment.services.mark_answered(
                question=question, is_answered=is_answered, by=scene.by
            )
        ]

    return prepare


def purge_questions(scene: Scene) -> Done:
    question = asked_question()

    def done() -> Rows:
        enrolment.services.purge_questions(now=timezone.now() + timedelta(days=1000))
        return [question]

    return done


def purge_interests(scene: Scene) -> Done:
    asked = asked_to_be_told(scene)

    def done() -> Rows:
        enrolment.services.purge_interests(now=timezone.now() + timedelta(days=1000))
        return [asked]

    return done
