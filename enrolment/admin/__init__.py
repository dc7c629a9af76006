from enrolment.admin import letters, runs, students

__all__ = ["letters", "runs", "students"]
