from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EnrolmentConfig(AppConfig):
    name = "enrolment"
    verbose_name = _("Who takes part")

    def ready(self) -> None:
        from enrolment import forms_kept_over_sign_in  # noqa: F401  # hears when somebody signs in
