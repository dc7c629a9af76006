"""A calendar as programs keep it: by the ids of appointments, the newer of two by its number."""

from datetime import datetime

from icalendar import Calendar, Event


def events_in(content: bytes) -> list[Event]:
    return list(Calendar.from_ical(content).walk("VEVENT"))


class CalendarProgram:
    def __init__(self) -> None:
        self.events: dict[str, Event] = {}

    def take(self, content: bytes) -> None:
        """Open a file: what is new is added, what is newer replaces, what is older is ignored."""
        events = events_in(content)
        assert len({event["UID"] for event in events}) == len(events)
        for event in events:
            known = self.events.get(event["UID"])
            if known is None or event["SEQUENCE"] >= known["SEQUENCE"]:
                self.events[event["UID"]] = event

    @property
    def shown(self) -> list[tuple[datetime, str, str]]:
        """What stands there: when, how sure it is, and where."""
        return sorted(
            (event["DTSTART"].dt, event["STATUS"], event.get("LOCATION", ""))
            for event in self.events.values()
            if event["STATUS"] != "CANCELLED"
        )
