"""«Monday 7 December 2026, 14:00». Django's own formats, which are American, hold for the rest."""

DATE_FORMAT = "j\xa0F Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = f"l {DATE_FORMAT}, {TIME_FORMAT}"
SHORT_DATE_FORMAT = "d/m/Y"
SHORT_DATETIME_FORMAT = f"{SHORT_DATE_FORMAT} {TIME_FORMAT}"
FIRST_DAY_OF_WEEK = 1
