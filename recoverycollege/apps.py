from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class RecoveryCollegeConfig(AppConfig):
    default = True
    name = "recoverycollege"


class CollegeAdminConfig(admin_apps.AdminConfig):
    default = False
    default_site = "recoverycollege.admin_site.CollegeAdminSite"
