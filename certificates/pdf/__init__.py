"""Certificates on paper: tagged PDF, the same bytes from the same rows.

WeasyPrint is imported only when something is printed, and reaches nothing but the files of this
app and the pictures that the printed rows name.
"""

from certificates.pdf.document import render

__all__ = ["render"]
