from django.apps import AppConfig


class RecoveryCollegeConfig(AppConfig):
    name = "recoverycollege"
