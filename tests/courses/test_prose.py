"""Texts as a coordinator types them."""

import pytest

from courses.templatetags.prose import prose


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        ("En setning.", "<p>En setning.</p>"),
        ("Én.\r\n\r\nTo.", "<p>Én.</p>\n<p>To.</p>"),
        ("Torget 2.\n4306 Sandnes", "<p>Torget 2.<br>4306 Sandnes</p>"),
        ("Dette lagrer vi\nNavnet ditt.", "<h3>Dette lagrer vi</h3>\n<p>Navnet ditt.</p>"),
        ("Bare en linje uten punktum", "<p>Bare en linje uten punktum</p>"),
        ("<b>Hei</b> & hå.", "<p>&lt;b&gt;Hei&lt;/b&gt; &amp; hå.</p>"),
        ("a" * 61 + "\nMer.", f"<p>{'a' * 61}<br>Mer.</p>"),
    ],
)
def test_prose(text, html):
    assert prose(text) == html
