"""How Django's own pages write dates and hours, as `formatting` writes them elsewhere."""
