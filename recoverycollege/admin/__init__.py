from recoverycollege.admin import annual_report, events, student_page

__all__ = ["annual_report", "events", "student_page"]
