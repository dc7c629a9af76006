"""What every template keeps to."""

import re
from pathlib import Path

from django.conf import settings

FORM = re.compile(r"<form\b[^>]*>")


def test_every_form_says_where_it_is_sent():
    """Without an action a fragment stays in the address, and takes the focus from the errors."""
    forms = {
        str(path): form
        for path in Path(settings.BASE_DIR / "templates").rglob("*.html")
        for form in FORM.findall(path.read_text())
    }
    assert len(forms) > 20
    assert {path: form for path, form in forms.items() if " action=" not in form} == {}, (
        'Write action="…" with the address that takes the form.'
    )
