"""How heavy a text is to read: LIX, words to a sentence and the share of long words."""

import re
from html.parser import HTMLParser

ADDRESS = re.compile(r"\S*(?:@|://|www\.)\S*?(?=[.,;:!?]*(?:\s|$))")
WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
# Where a sentence ends: not in `kl. 18` or `12. desember`.
END = re.compile(r"(?<!\bkl)(?<!\bnr)(?:[!?:]|\.(?!\s+[a-zæøå]))(?=\s|$)|\n")
LONG = 6  # letters; a word with more is long
BLOCKS = {
    *("p", "li", "dt", "dd", "h1", "h2", "h3", "h4", "div", "section", "summary", "label", "br"),
    *("legend", "td", "th", "tr", "caption", "ul", "ol", "dl", "form", "fieldset", "details"),
    *("button", "address", "blockquote", "aside"),
}
# No running text: choices of a list, and what is drawn.
NO_TEXT = {"script", "style", "svg", "option", "nav", "textarea"}


def lix(text: str) -> float:
    """About 25 is a child's book, 35 an easy story, 50 an official letter. 0 without sentences."""
    sentences = _sentences(text)
    words = words_of(text)
    if not words:
        return 0.0
    return len(words) / len(sentences) + 100 * sum(len(word) > LONG for word in words) / len(words)


def words_of(text: str) -> list[str]:
    """The words that stand in sentences: of headings, labels and addresses there is none."""
    return [word for sentence in _sentences(text) for word in sentence]


def _sentences(text: str) -> list[list[str]]:
    return [
        words
        for line in ADDRESS.sub("", text).split("\n")
        if re.search(r"[.!?]\W*$", line)  # no moment, `kl. 10.00`, and no label, `Telefon:`
        for piece in END.split(line)
        if (words := WORD.findall(piece))
    ]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.skipped: list[str] = []
        self.is_main = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "main":
            self.is_main = True
        if tag in NO_TEXT:
            self.skipped.append(tag)
        if tag in BLOCKS:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self.is_main = False
        if tag in NO_TEXT and tag in self.skipped:
            self.skipped.remove(tag)
        if tag in BLOCKS:
            self.said.append("\n")

    def handle_data(self, data: str) -> None:
        if self.is_main and not self.skipped:
            self.said.append(re.sub(r"\s+", " ", data))


def main_text(page: str) -> str:
    """What stands in the page's main part, a line for each block."""
    reader = _Reader()
    reader.feed(page)
    lines = (" ".join(line.split()) for line in "".join(reader.said).split("\n"))
    return "\n".join(line for line in lines if line)
