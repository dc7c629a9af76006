"""Certificates on paper: tagged PDF, the same bytes from the same rows.

WeasyPrint is imported only when something is printed, and reaches nothing but the files of this
app and the pictures that the printed rows name.
"""

from certificates.pdf.document import Fit, fits, render
from certificates.pdf.fonts import unprintable

__all__ = ["Fit", "fits", "render", "unprintable"]
