from courses.admin import catalogue, college, ideas, opportunities, tutors

__all__ = ["catalogue", "college", "ideas", "opportunities", "tutors"]
