"""What is written in Markdown is shown as text: nothing in it runs, or fetches from elsewhere."""

import pytest

from courses.markdown import as_html, open_places, refused_links

pytestmark = pytest.mark.any_database

FILES = {"Vår hage.jpg": "/om/fil/1/", "referat.pdf": "/om/fil/2/"}


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# Om\n\n## Oss\n", "<h2>Om</h2>\n<h3>Oss</h3>\n"),
        ("### Om\n\n# Oss\n\n#### Nå\n", "<h2>Om</h2>\n<h2>Oss</h2>\n<h3>Nå</h3>\n"),
        ("- en\n- to", "<ul>\n<li>en</li>\n<li>to</li>\n</ul>\n"),
        ("<script>x</script>", "<p>&lt;script&gt;x&lt;/script&gt;</p>\n"),
        ('<b onclick="x">en</b>', '<p>&lt;b onclick="x"&gt;en&lt;/b&gt;</p>\n'),
        ("[x](https://a.no)", '<p><a href="https://a.no" rel="noreferrer">x</a></p>\n'),
        ("[x](/kurs/)", '<p><a href="/kurs/" rel="noreferrer">x</a></p>\n'),
        ("[x](tel:22000000)", '<p><a href="tel:22000000" rel="noreferrer">x</a></p>\n'),
        ("[x](http://a.no)", '<p><a rel="noreferrer">x</a></p>\n'),
        ("[x](//a.no)", '<p><a rel="noreferrer">x</a></p>\n'),
        ("[x](javascript:y)", "<p>[x](javascript:y)</p>\n"),
        ("[x](data:text/html,y)", "<p>[x](data:text/html,y)</p>\n"),
        ("[x](referat.pdf)", '<p><a href="/om/fil/2/" rel="noreferrer">x</a></p>\n'),
        ("![En hage](<Vår hage.jpg>)", '<p><img src="/om/fil/1/" alt="En hage"></p>\n'),
        ("![x](https://a.no/spor.gif)", ""),
        ("![x](/bilder/annet.png)", ""),
        ("![x](data:image/gif;base64,R0lGODlh)", ""),
    ],
)
def test_only_what_is_safe_is_shown(text: str, html: str) -> None:
    assert as_html(text, FILES).html == html


def test_files_that_stand_in_the_text_are_told() -> None:
    text = "![En hage](V%C3%A5r%20hage.jpg) og [x](annet.pdf)"
    assert as_html(text, FILES).files == {"Vår hage.jpg"}


def test_links_that_lead_elsewhere_are_refused_by_name() -> None:
    text = "[a](http://a.no) <ftp://b.no> [c](//c.no) [d](https://d.no) [e](mailto:e@d.no) [f](/f)"
    assert refused_links(text) == ["http://a.no", "ftp://b.no", "//c.no"]


def test_what_is_left_open_is_no_link() -> None:
    text = "[Navnet *her*] er [en skole](/om/) ![og](et.jpg)\n\n- [en eier]"
    assert open_places(text) == ["[Navnet her]", "[en eier]"]
