"""How Django's own pages write dates and hours, as `courses.dates` writes them elsewhere."""
