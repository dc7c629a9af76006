from courses.admin import catalogue, college, tutors

__all__ = ["catalogue", "college", "tutors"]
