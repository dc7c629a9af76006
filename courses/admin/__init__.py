from courses.admin import catalogue, college

__all__ = ["catalogue", "college"]
