from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = _("What the college offers")

    def ready(self) -> None:
        from courses import checks, converters  # noqa: F401 - register themselves
