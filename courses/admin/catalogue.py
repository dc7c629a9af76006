"""Semesters, topics and courses with the pair behind them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from courses import services
from courses.admin import semester_pairs
from courses.admin.fields import FIRST_YEAR, LAST_YEAR, NATIVE_DATES, ChoicesReadOnce
from courses.admin.files import CourseFileInline
from courses.admin.saving import (
    PointedAtAdmin,
    RefusalMessagesAdmin,
    RefusalMessagesForm,
    StaleRowsFormSet,
)
from courses.admin.tutors import TutorRowForm
from courses.models import (
    Course,
    CourseDeveloper,
    CourseFile,
    CourseRun,
    CourseSession,
    PairRole,
    SchoolHoliday,
    Semester,
    Topic,
)
from courses.norwegian.formatting import day

if TYPE_CHECKING:
    DeveloperInlineBase = admin.StackedInline[CourseDeveloper, Course]
else:
    DeveloperInlineBase = admin.StackedInline


class SemesterForm(RefusalMessagesForm):
    year = forms.IntegerField(min_value=FIRST_YEAR, max_value=LAST_YEAR, label=_("Year"))


@admin.register(Semester)
class SemesterAdmin(RefusalMessagesAdmin):
    form = SemesterForm
    list_display = ["__str__", "drafts", "starts_on", "ends_on", "enrolment_opens_at"]
    fields = ["year", "term", "starts_on", "ends_on", "enrolment_opens_at"]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The next semester, whole: what is in the address comes before it."""
        semester = services.next_semester()
        names = ("year", "term", "starts_on", "ends_on", "enrolment_opens_at")
        proposed = {name: getattr(semester, name) for name in names}
        return proposed | super().get_changeform_initial_data(request)

    def get_urls(self) -> list[URLPattern]:
        return [*semester_pairs.urls(self.admin_site), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Semester]:
        is_draft = Q(runs__status=CourseRun.Status.DRAFT)
        semesters: QuerySet[Semester] = super().get_queryset(request)
        return semesters.annotate(drafts=Count("runs", filter=is_draft))

    @admin.display(description=_("drafts"))
    def drafts(self, semester: Any) -> str:
        if not semester.drafts:
            return "–"
        words = ngettext("Publish %(count)s draft", "Publish %(count)s drafts", semester.drafts)
        return format_html(
            '<a href="{}">{}</a>',
            reverse("admin:publish_semester", args=[semester.pk]),
            words % {"count": semester.drafts},
        )

    def lock(self, pk: Any) -> None:
        services.lock_runs_of_semester(pk)
        super().lock(pk)

    def save_model(self, request: HttpRequest, obj: Semester, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if "enrolment_opens_at" in form.changed_data:
            self._name_runs_that_begin_before(request, obj)

    def _name_runs_that_begin_before(self, request: HttpRequest, semester: Semester) -> None:
        """Say for which runs nobody can sign up any more. Nothing is refused for it."""
        runs = semester.runs.filter(entry=CourseRun.Entry.SIGN_UP, enrolment_opens_at__isnull=True)
        for run in runs.exclude(status=CourseRun.Status.CANCELLED).with_programme().by_start():
            starts_at = run.starts_at
            if starts_at and timezone.now() < starts_at <= semester.enrolment_opens_at:
                messages.info(
                    request,
                    gettext(
                        "«%(course)s» begins %(day)s, before sign-up opens: nobody can sign up for "
                        "it. Give the run an opening of its own."
                    )
                    % {"course": run.course.title, "day": day(starts_at)},
                )


@admin.register(SchoolHoliday)
class SchoolHolidayAdmin(RefusalMessagesAdmin):
    list_display = ["name", "municipality", "starts_on", "ends_on", "planned_sessions"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[SchoolHoliday]:
        holidays: QuerySet[SchoolHoliday] = super().get_queryset(request)
        sessions = CourseSession.objects.not_cancelled().exclude(
            run__status=CourseRun.Status.CANCELLED
        )
        within = sessions.filter(
            starts_at__date__gte=models.OuterRef("starts_on"),
            starts_at__date__lte=models.OuterRef("ends_on"),
        )
        number = within.order_by().annotate(number=models.Func("pk", function="COUNT"))
        return holidays.annotate(number=models.Subquery(number.values("number")))

    @admin.display(description=_("sessions planned in it"), ordering="number")
    def planned_sessions(self, holiday: Any) -> int:
        """Of drafts and published runs alike."""
        number: int = holiday.number
        return number


@admin.register(Topic)
class TopicAdmin(PointedAtAdmin):
    names_column = "name"
    list_display = ["name"]
    prepopulated_fields = {"slug": ["name"]}


class DeveloperInline(ChoicesReadOnce, DeveloperInlineBase):
    model = CourseDeveloper
    form = TutorRowForm
    formset = StaleRowsFormSet
    formfield_overrides = NATIVE_DATES
    fields = ["tutor", "role", "since"]
    about = _(
        "Before a run of the course can be published there are two of them: one with lived "
        "experience and one with professional experience."
    )

    def get_extra(self, request: HttpRequest, obj: Course | None = None, **kwargs: Any) -> int:
        return 0 if obj else len(PairRole)


@admin.register(Course)
class CourseAdmin(RefusalMessagesAdmin):
    names_column = "title"
    list_display = ["title", "format", "language"]
    list_filter = ["format", "topics"]
    search_fields = ["title"]
    inlines = [DeveloperInline, CourseFileInline]
    fieldsets = [
        (None, {"fields": ["title", "discreet_title", "slug", "format", "language"]}),
        (_("In the catalogue"), {"fields": ["summary", "what_happens", "what_you_take", "topics"]}),
        (_("Answers to what people worry about"), {"fields": ["breaks", "speaking"]}),
        (_("Ideas and opportunities"), {"fields": ["lists_ideas", "opportunities"]}),
    ]

    def formfield_for_manytomany(self, *args: Any, **kwargs: Any) -> Any:
        kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(*args, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Course | None = None) -> list[str]:
        return ["slug"] if obj and services.slug_is_frozen(obj) else []

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Course | None = None
    ) -> dict[str, Sequence[str]]:
        return {} if obj else {"slug": ["title"]}

    def get_formset_kwargs(
        self, request: HttpRequest, obj: Course, inline: Any, prefix: str
    ) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        if obj.pk is None and isinstance(inline, DeveloperInline):
            kwargs["initial"] = [{"role": role} for role in PairRole.values]
        return kwargs

    def prepare_files(self, request: HttpRequest) -> None:
        """Nothing: the files of a course are stored as they are."""

    def lock(self, pk: Any) -> None:
        services.lock_course_with_runs(pk)

    def save_model(self, request: HttpRequest, obj: Course, form: Any, change: bool) -> None:
        """Nothing yet: a course is saved along with its developers and files."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        changed: dict[Any, list[Any]] = {each.model: each.save(commit=False) for each in formsets}
        removed = {each.model: each.deleted_objects for each in formsets}
        services.save_course(
            course=form.instance,
            topics=form.cleaned_data["topics"],
            opportunities=form.cleaned_data["opportunities"],
            developers=changed.get(CourseDeveloper, []),
            removed=removed.get(CourseDeveloper, []),
            files=changed.get(CourseFile, []),
            removed_files=removed.get(CourseFile, []),
        )

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        # Who has which role is not recorded field by field.
        return super().construct_change_message(request, form, [], add)
