from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.db.models.signals import post_migrate


class RecoveryCollegeConfig(AppConfig):
    default = True
    name = "recoverycollege"

    def ready(self) -> None:
        from recoverycollege.groups import apply_groups

        post_migrate.connect(apply_groups, sender=self)


class CollegeAdminConfig(admin_apps.AdminConfig):
    default = False
    default_site = "recoverycollege.admin_site.CollegeAdminSite"
