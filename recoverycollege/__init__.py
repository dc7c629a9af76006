from datetime import date

VERSION = "0.9.0"
RELEASED_ON = date(2026, 11, 28)
