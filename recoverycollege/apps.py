from django.apps import AppConfig, apps
from django.contrib.admin import apps as admin_apps
from django.db.models.signals import post_migrate


class RecoveryCollegeConfig(AppConfig):
    default = True
    name = "recoverycollege"

    def ready(self) -> None:
        from recoverycollege import checks  # noqa: F401 - registers itself
        from recoverycollege.groups import apply_groups
        from recoverycollege.staff_sign_in import receivers  # noqa: F401 - registers themselves

        # The signal of sign-in's own app comes after those that make our own apps' permissions.
        post_migrate.connect(apply_groups, sender=apps.get_app_config("auth"))


class CollegeAdminConfig(admin_apps.AdminConfig):
    default = False
    default_site = "recoverycollege.admin_site.CollegeAdminSite"
