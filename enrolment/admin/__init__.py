from enrolment.admin import letters, runs, students, venues

__all__ = ["letters", "runs", "students", "venues"]
