from enrolment.admin import runs

__all__ = ["runs"]
