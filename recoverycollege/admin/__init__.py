from recoverycollege.admin import events, student_page

__all__ = ["events", "student_page"]
