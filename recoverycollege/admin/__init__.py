from recoverycollege.admin import events

__all__ = ["events"]
