from enrolment.admin import courses, letters, questions, runs, students, venues

__all__ = ["courses", "letters", "questions", "runs", "students", "venues"]
