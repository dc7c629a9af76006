from enrolment.admin import courses, letters, runs, students, venues

__all__ = ["courses", "letters", "runs", "students", "venues"]
