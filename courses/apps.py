from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = _("What the college offers")

    def ready(self) -> None:
        from courses import checks  # noqa: F401 - registers itself
        from courses.web import converters  # noqa: F401 - registers itself
