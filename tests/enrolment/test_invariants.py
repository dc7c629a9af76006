"""A machine that does to two runs whatever people and the clock can do, in any order.

After each step the invariants of the design hold, and each answer is the one that the rules give,
worked out here once more from what was there before the step.
"""

import os
import uuid
from collections import Counter
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from courses.models import CourseRun
from enrolment import services
from enrolment.models import Adjustment, Enrolment, Event, Letter, Student
from enrolment.services import Outcome, WhenOneLeft
from recoverycollege.people import merging
from tests.enrolment import invariants
from tests.factories import make_person, make_published_run, make_session, make_user

pytestmark = pytest.mark.django_db

BEGINNING = datetime(2026, 10, 20, 8, tzinfo=UTC)
QUEUE_CLOSES, STARTS, FINISHED = 48, 72, 242  # hours from the beginning
STATUS_VERBS = ["enrolled", "got_place", "withdrew"]

both_runs = st.sampled_from([0, 0, 0, 1])
people = st.integers(0, 6)
companions = st.sampled_from([1, 1, 2])
wishes = st.sampled_from(list(WhenOneLeft))
picks = st.integers(0, 11)


class CollegeMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.undo_everything = transaction.atomic()
        self.undo_everything.__enter__()
        self.clock = time_machine.travel(BEGINNING, tick=False)
        self.traveller = self.clock.start()

    def teardown(self) -> None:
        self.clock.stop()
        transaction.set_rollback(True)
        self.undo_everything.__exit__(None, None, None)

    @initialize(
        capacities=st.tuples(st.integers(1, 3), st.integers(1, 3)),
        crowd=st.lists(st.tuples(both_runs, people, companions), min_size=4, max_size=10),
        hours=st.sampled_from([0, 0, 24, QUEUE_CLOSES - 1, QUEUE_CLOSES]),
    )
    def open_the_college(self, capacities, crowd, hours) -> None:
        self.steps = 0
        self.hours = 0
        self.staff = make_user()
        self.runs = []
        for capacity in capacities:
            run = make_published_run(capacity=capacity, sessions=1, in_days=STARTS / 24)
            make_session(run, in_days=(FINISHED - 2) / 24, hours=2)
            self.runs.append(run)
        # One is reached by phone alone, and two share an address.
        self.people = [make_person() for _number in range(5)]
        self.people.append(make_person(email="", phone="+4799999905"))
        self.people.append(make_person(email=self.people[4].email))
        self.cancelled = [False, False]
        self.remember()
        for number, who, places in crowd:
            self.sign_up(number, who, places, WhenOneLeft.WAIT, asks=True)
        self.wait_until(hours)

    # What was there before the step

    def remember(self) -> None:
        self.rows = {row.pk: row for row in Enrolment.objects.order_by("pk")}
        self.letters = self.count_letters()
        self.events = self.count_events()
        self.adjustments = Adjustment.objects.count()

    @staticmethod
    def count_letters() -> Counter:
        # Whoever has both, once two records became one, is rung about urgent news as well.
        letters = Letter.objects.filter(is_beside=False)
        return Counter(letters.values_list("enrolment_id", "kind"))

    @staticmethod
    def count_events() -> Counter:
        return Counter(Event.objects.filter(subject="enrolment").values_list("subject_id", "verb"))

    def run_now(self, number: int) -> CourseRun:
        return CourseRun.objects.get(pk=self.runs[number].pk)

    def pick(self, number: int) -> Enrolment:
        rows = list(self.rows.values())
        return rows[-1 - number % len(rows)]

    def waiting(self, run: CourseRun) -> list[Enrolment]:
        return [row for row in self.rows.values() if row.run_id == run.pk and row.is_waiting]

    def index_of(self, row: Enrolment) -> int:
        return [run.pk for run in self.runs].index(row.run_id)

    @property
    def has_rows(self) -> bool:
        return bool(getattr(self, "rows", None))

    # What the rules say

    def refusal_to_enrol(self, number: int) -> type[Exception] | None:
        if self.cancelled[number]:
            return services.RunCancelled
        return services.RunStarted if self.hours >= STARTS else None

    def refusal_to_change(self, number: int) -> type[Exception] | None:
        if self.cancelled[number]:
            return services.RunCancelled
        return services.RunFinished if self.hours >= FINISHED else None

    def room(self, number: int) -> int:
        """Free places for a newcomer: none while anybody waits."""
        run = self.run_now(number)
        return 0 if self.waiting(run) else run.capacity - run.places_taken

    # Steps

    @rule(number=both_runs, who=people, places=companions, wish=wishes, asks=st.booleans())
    def enrol(self, number, who, places, wish, asks) -> None:
        self.sign_up(number, who, places, wish, asks=asks)

    @rule(number=both_runs, who=people, places=companions)
    def enrol_and_wait_if_need_be(self, number, who, places) -> None:
        self.sign_up(number, who, places, WhenOneLeft.WAIT, asks=False)

    def sign_up(self, number, who, places, wish, *, asks) -> None:
        run, person = self.run_now(number), self.people[who]
        room = self.room(number)
        live = next(
            (
                row
                for row in self.rows.values()
                if row.run_id == run.pk
                and row.is_live
                and (row.student.name, row.student.email) == (person.name, person.email)
            ),
            None,
        )
        submission = uuid.uuid4()
        arguments = {
            "run": run,
            "submission": submission,
            "person": person,
            "places": places,
            "when_one_left": wish,
            "adjustment": "Jeg trenger en god stol." if asks else "",
        }
        refusal = self.refusal_to_enrol(number)
        asked = places == 2 and room == 1
        if refusal is None and asked and wish == WhenOneLeft.ASK:
            refusal = services.OnePlaceLeft
        if refusal:
            with pytest.raises(refusal):
                services.enrol(**arguments)
            self.check_step()
            return
        if asked and wish == WhenOneLeft.ALONE:
            places = 1
        untold = live is not None and Letter.objects.unsent().filter(enrolment=live).exists()
        answer = services.enrol(**arguments)
        has_room = room >= places
        assert answer.outcome == (Outcome.PLACE if has_room else Outcome.REGISTERED)
        kept = Adjustment.objects.filter(enrolment=answer.enrolment).count()
        assert kept >= 1 if asks else True
        if live:
            assert answer.enrolment == live
            day = (BEGINNING + timedelta(hours=self.hours, minutes=120)).date()
            signed_up = (live.enrolled_at + timedelta(minutes=120)).date()
            kind = "place" if live.has_place else "waiting"
            already = Letter.objects.filter(
                enrolment=live, dedupe_key=f"{kind}:{live.pk}:{day}"
            ).count()
            assert already <= (0 if day == signed_up else 1)
            # What still waits to be told is told once.
            assert already == 1 or day == signed_up or untold
            self.check_step(repeated=live.pk)
        else:
            new = answer.enrolment
            assert (new.status, new.places) == ("place" if has_room else "waiting", places)
            assert new.submission == submission
            assert list(Enrolment.objects.exclude(pk__in=self.rows)) == [new]
            self.check_step()

    @precondition(lambda self: self.has_rows)
    @rule()
    def letters_arrive(self) -> None:
        Letter.objects.unsent().update(sent_at=timezone.now())

    @precondition(lambda self: self.has_rows)
    @rule(number=picks, who=people)
    def send_the_same_submission_again(self, number, who) -> None:
        row = self.pick(number)
        answer = services.enrol(
            run=row.run, submission=row.submission, person=self.people[who], places=2
        )
        told = "place" if row.placed_at == row.enrolled_at else "registered"
        left = row.merged_into or row
        assert answer.enrolment == left
        assert answer.outcome == (told if left.is_live else "withdrawn")
        self.check_nothing_changed()

    @precondition(lambda self: self.has_rows)
    @rule(number=picks)
    def withdraw(self, number) -> None:
        self.give_back(self.pick(number))

    @precondition(lambda self: self.has_rows and any(row.has_place for row in self.rows.values()))
    @rule(number=picks)
    def withdraw_from_a_place(self, number) -> None:
        placed = [row for row in self.rows.values() if row.has_place]
        self.give_back(placed[number % len(placed)])

    def give_back(self, row: Enrolment) -> None:
        refusal = self.refusal_to_change(self.index_of(row)) if row.is_live else None
        if refusal:
            with pytest.raises(refusal):
                services.withdraw(enrolment=row)
            self.check_nothing_changed()
            return
        services.withdraw(enrolment=row)
        assert Enrolment.objects.get(pk=row.pk).status == "withdrawn"
        if not row.is_live:
            self.check_nothing_changed()
        self.check_step()

    @precondition(lambda self: self.has_rows)
    @rule(number=picks, wish=wishes)
    def undo(self, number, wish) -> None:
        withdrawn = [row for row in self.rows.values() if row.status == "withdrawn"]
        row = withdrawn[number % len(withdrawn)] if withdrawn else self.pick(number)
        index = self.index_of(row)
        room = self.room(index)
        live = [
            each
            for each in self.rows.values()
            if each.run_id == row.run_id and each.student_id == row.student_id and each.is_live
        ]
        undone = Enrolment.objects.filter(
            submission=uuid.uuid5(services.sign_up.UNDO_NAMESPACE, str(row.pk))
        ).first()
        if live or undone:
            answer = services.undo_withdrawal(enrolment=row, when_one_left=wish)
            assert answer.enrolment == (live[0] if live else undone)
            self.check_nothing_changed()
            return
        refusal = self.refusal_to_enrol(index)
        if refusal is None and row.places == 2 and room == 1 and wish == WhenOneLeft.ASK:
            refusal = services.OnePlaceLeft
        if refusal:
            with pytest.raises(refusal):
                services.undo_withdrawal(enrolment=row, when_one_left=wish)
            self.check_nothing_changed()
            return
        wishes_before = row.adjustments.count()
        answer = services.undo_withdrawal(enrolment=row, when_one_left=wish)
        new = Enrolment.objects.exclude(pk__in=self.rows).get()
        assert (row.adjustments.count(), new.adjustments.count()) == (0, wishes_before)
        assert answer.enrolment == new
        assert new.pk > max(self.rows)
        alone = row.places == 2 and room == 1 and wish == WhenOneLeft.ALONE
        assert new.places == (1 if alone else row.places)
        assert new.has_place == (room >= new.places)
        self.check_step()

    @precondition(lambda self: self.has_rows)
    @rule(number=picks)
    def give_up_companion(self, number) -> None:
        row = self.pick(number)
        refusal = self.refusal_to_change(self.index_of(row))
        if not row.is_live:
            refusal = services.NotLive
        if refusal:
            with pytest.raises(refusal):
                services.give_up_companion(enrolment=row)
            self.check_nothing_changed()
            return
        current = services.give_up_companion(enrolment=row)
        assert current.places == 1
        self.check_step(alone_now=row.pk if row.places == 2 else None)

    @rule(number=both_runs, capacity=st.integers(1, 6))
    def set_capacity(self, number, capacity) -> None:
        run = self.run_now(number)
        refusal = None
        if capacity != run.capacity and self.cancelled[number]:
            refusal = services.RunCancelled
        elif capacity < run.places_taken:
            refusal = services.CapacityBelowPlaces
        if refusal:
            with pytest.raises(refusal) as refused:
                services.set_capacity(run=run, capacity=capacity)
            if refusal is services.CapacityBelowPlaces:
                assert refused.value.places_taken == run.places_taken
            self.check_nothing_changed()
            return
        services.set_capacity(run=run, capacity=capacity)
        assert self.run_now(number).capacity == capacity
        self.check_step()

    @precondition(lambda self: self.has_rows)
    @rule(
        number=picks,
        is_first=st.booleans(),
        outcome=st.sampled_from(["yes", "cannot", "unreached"]),
    )
    def record_call(self, number, is_first, outcome) -> None:
        waiting = [row for row in self.rows.values() if row.is_waiting]
        row = waiting[number % len(waiting)] if waiting else self.pick(number)
        index = self.index_of(row)
        run = self.run_now(index)
        to_call = [each for each in self.waiting(run) if not each.call_outcome]
        if is_first and to_call:
            row = to_call[0]
        free = run.capacity - run.places_taken
        refusal = self.refusal_to_change(index)
        if refusal is None and self.hours < QUEUE_CLOSES:
            refusal = services.QueueFillsByItself
        if refusal is None and row not in to_call[:1]:
            refusal = services.NotNextInQueue
        if refusal is None and free < (row.places if outcome == "yes" else 1):
            refusal = services.NoRoom
        if refusal:
            with pytest.raises(refusal):
                services.record_call(enrolment=row, outcome=outcome, by=self.staff)
            self.check_nothing_changed()
            return
        services.record_call(enrolment=row, outcome=outcome, by=self.staff)
        after = Enrolment.objects.get(pk=row.pk)
        assert (after.call_outcome, after.has_place) == (outcome, outcome == "yes")
        self.check_step(called=row.pk)

    @precondition(lambda self: self.has_rows)
    @rule(number=picks)
    def reopen_call(self, number) -> None:
        row = self.pick(number)
        refusal = self.refusal_to_change(self.index_of(row))
        if refusal is None and not row.is_waiting:
            refusal = services.NotLive
        if refusal:
            with pytest.raises(refusal):
                services.reopen_call(enrolment=row, by=self.staff)
            self.check_nothing_changed()
            return
        services.reopen_call(enrolment=row, by=self.staff)
        after = Enrolment.objects.get(pk=row.pk)
        assert (after.call_outcome, after.status) == ("", "waiting")
        self.check_step()

    @precondition(lambda self: self.has_rows and Student.objects.count() > 1)
    @rule(one=picks, other=picks)
    def merge(self, one, other) -> None:
        """Two records turn out to be one person, also where runs are cancelled or over."""
        students = list(Student.objects.order_by("pk"))
        kept = students.pop(one % len(students))
        gone = students.pop(other % len(students))
        contact = {"email": kept.email or gone.email, "phone": kept.phone or gone.phone}
        same = contact if not contact["email"] else {"email": contact["email"]}
        if any(
            each.name == kept.name and all(getattr(each, name) == same[name] for name in same)
            for each in students
        ):
            with pytest.raises(ValidationError):
                merging.merge(kept=kept, gone=gone, by=self.staff)
            self.check_nothing_changed()
            return
        of_both = [
            row
            for row in self.rows.values()
            if row.student_id in (kept.pk, gone.pk) and row.is_live
        ]
        goes = {}
        for run in self.runs:
            in_run = sorted(
                (row for row in of_both if row.run_id == run.pk),
                key=lambda row: (0 if row.has_place else 1, row.pk),
            )
            if len(in_run) == 2:
                goes[in_run[1].pk] = in_run[0]
        merging.merge(kept=kept, gone=gone, by=self.staff)
        for pk, stays in goes.items():
            after, stayed = Enrolment.objects.get(pk=pk), Enrolment.objects.get(pk=stays.pk)
            assert (after.status, after.merged_into) == ("withdrawn", stays)
            assert stayed.has_place or not stays.has_place
            assert stayed.places == (
                max(stays.places, self.rows[pk].places)
                if stays.has_place and self.rows[pk].has_place
                else stays.places
            )
        left = {row.student_id for row in Enrolment.objects.all()}
        assert gone.pk not in left
        self.check_step(merged=goes.keys())

    @precondition(lambda self: self.steps > 20)
    @rule(number=both_runs)
    def cancel(self, number) -> None:
        run = self.run_now(number)
        live = [row for row in self.rows.values() if row.run_id == run.pk and row.is_live]
        if self.cancelled[number]:
            assert services.cancel_run(run=run, by=self.staff) == 0
            self.check_nothing_changed()
            return
        if self.hours >= FINISHED:
            with pytest.raises(services.RunFinished):
                services.cancel_run(run=run, by=self.staff)
            self.check_nothing_changed()
            return
        assert services.cancel_run(run=run, by=self.staff) == len(live)
        self.cancelled[number] = True
        told = self.count_letters() - self.letters
        assert told == Counter({(row.pk, "cancelled"): 1 for row in live})
        self.check_step(statuses_stay=True)

    @rule(hours=st.sampled_from([1, 5, 12, 24, 30, 60, 170]))
    def let_time_pass(self, hours) -> None:
        # Weeks pass now and then only; much of what can go wrong is before the close.
        if hours > 30 and self.hours < QUEUE_CLOSES:
            hours = 2
        self.wait_until(self.hours + hours)

    def wait_until(self, hours: int) -> None:
        self.hours = hours
        self.traveller.move_to(BEGINNING + timedelta(hours=self.hours))
        for run in self.runs:
            services.fill_queue(run=run)
        self.check_nothing_changed()

    # What holds after each step

    def check_nothing_changed(self) -> None:
        rows = {row.pk: row for row in Enrolment.objects.all()}
        assert {pk: (row.status, row.places) for pk, row in rows.items()} == {
            pk: (row.status, row.places) for pk, row in self.rows.items()
        }
        assert self.count_letters() == self.letters
        assert self.count_events() == self.events

    def check_step(
        self,
        *,
        called: int | None = None,
        repeated: int | None = None,
        alone_now: int | None = None,
        statuses_stay: bool = False,
        merged: Collection[int] = (),
    ) -> None:
        """Nobody passed anybody, and each change of status left one letter and one event."""
        now = {row.pk: row for row in Enrolment.objects.order_by("pk")}
        letters, events = Counter(), Counter()
        for pk, row in now.items():
            before = self.rows.get(pk)
            if before and before.status == row.status:
                continue
            assert not statuses_stay
            if pk in merged:
                assert row.status == "withdrawn"
                continue
            kind = {"place": "place", "waiting": "waiting", "withdrawn": "withdrawn"}[row.status]
            if before and row.has_place:
                assert before.is_waiting
                assert self.hours < QUEUE_CLOSES or pk == called
                kind = "promoted"
            letters[pk, kind] += 1
            verbs = {"promoted": "got_place", "withdrawn": "withdrew"}
            events[pk, verbs.get(kind, "enrolled")] += 1
            if row.has_place:
                self.check_nobody_was_passed(row, now, called=called)
        if alone_now:
            letters[alone_now, "companion"] += 1
        new_letters = self.count_letters() - self.letters
        if repeated:
            again = [key for key in new_letters if key[0] == repeated]
            assert [kind for _pk, kind in again if kind not in ("place", "waiting")] == []
            assert sum(new_letters[key] for key in again) <= 1
            for key in again:
                del new_letters[key]
        if not statuses_stay:
            assert new_letters == letters
        new_events = Counter(
            {
                key: count
                for key, count in (self.count_events() - self.events).items()
                if key[1] in STATUS_VERBS
            }
        )
        assert new_events == events
        self.remember()

    def check_nobody_was_passed(self, row, now, *, called) -> None:
        earlier = [
            other
            for other in now.values()
            if other.run_id == row.run_id and other.is_waiting and other.pk < row.pk
        ]
        if row.pk == called:
            assert [other for other in earlier if not other.call_outcome] == []
        else:
            assert earlier == []

    @invariant()
    def count_steps(self) -> None:
        self.steps = getattr(self, "steps", 0) + 1

    @invariant()
    def the_invariants_of_the_design_hold(self) -> None:
        for number, _run in enumerate(getattr(self, "runs", [])):
            run = self.run_now(number)
            invariants.check_run(run)
            assert run.is_cancelled == self.cancelled[number]


def test_invariants_hold_whatever_happens():
    run_state_machine_as_test(
        CollegeMachine,
        settings=settings(
            max_examples=int(os.environ.get("HYPOTHESIS_EXAMPLES", "10")),
            stateful_step_count=50,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
