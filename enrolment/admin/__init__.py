from enrolment.admin import records, runs, students

__all__ = ["records", "runs", "students"]
