from enrolment.admin import people, records, runs

__all__ = ["people", "records", "runs"]
