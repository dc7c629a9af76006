from datetime import date

VERSION = "1.0.0"
RELEASED_ON = date(2026, 11, 28)
