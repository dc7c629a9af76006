"""«mandag 7. desember 2026 kl. 14.00». Django's own formats hold for the rest."""

DATE_FORMAT = "j.\xa0F Y"
TIME_FORMAT = "\\k\\l.\xa0H.i"
DATETIME_FORMAT = f"l {DATE_FORMAT} {TIME_FORMAT}"
SHORT_DATETIME_FORMAT = f"d.m.Y {TIME_FORMAT}"
