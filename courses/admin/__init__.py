from courses.admin import catalogue, college, ideas, opportunities, tutors, written_pages

__all__ = ["catalogue", "college", "ideas", "opportunities", "tutors", "written_pages"]
