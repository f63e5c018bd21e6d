"""HTML into clean text: paragraphs kept, markup and what nobody reads left out."""

from __future__ import annotations

import re
import unicodedata

import lxml.etree
import lxml.html


def _names(tags: str) -> frozenset[str]:
    return frozenset(tags.split())


_DROPPED = _names(
    "applet audio button canvas embed form head iframe input map math noscript object "
    "script select style svg template textarea video"
)
_BLOCKS = _names(
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer "
    "h1 h2 h3 h4 h5 h6 header hgroup hr html main nav ol p pre section summary table tbody tfoot thead ul"
)
_LINES = _names("br li tr caption option")
_CELLS = _names("td th")

_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|<!--|<!\[CDATA\[|&(?:#\d+|#[xX][0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]*);")
_LEFT_OVER = re.compile(r"</(?:p|div|a|b|i|em|strong|span|ul|li|h[1-6])>|<br ?/?>", re.IGNORECASE)
#: zero-width and soft-hyphen characters, which split words, and direction overrides, which disguise them
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_BLANK = re.compile(r"[^\S\n]+")
_ANY_BLANK = re.compile(r"\s+")


def is_markup(value: str) -> bool:
    """Whether a value has tags or entities; ``a < b`` and ``AT&T`` have none."""
    return _MARKUP.search(value) is not None


def html_to_text(markup: str) -> str:
    """The text a reader of the page would see, paragraphs divided by one empty line; never raises."""
    text = _once(markup)
    # feeds that escape twice are many, news that quotes a closing tag is not
    return _once(text) if _LEFT_OVER.search(text) else text


def _once(markup: str) -> str:
    if not is_markup(markup):
        return plain(markup)
    raw = markup.encode("utf-8", "replace")
    # a parser for each call: lxml's lock their document, and a feed's fragments are small
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = lxml.html.document_fromstring(raw, parser=parser)
    except (lxml.etree.LxmlError, ValueError, AssertionError):  # empty, or nothing but a comment
        return ""
    return tree_to_text(root)


def tree_to_text(root: lxml.html.HtmlElement) -> str:
    """The text of a part of a page."""
    return tidy("".join(_pieces(root)))


def _pieces(root: lxml.html.HtmlElement) -> list[str]:
    out: list[str] = []
    walk = lxml.etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            out += _after(element)
        elif element.tag in _DROPPED:
            walk.skip_subtree()
        else:
            out += _before(element)
    return out


def _before(element: lxml.html.HtmlElement) -> list[str]:
    tag = element.tag
    mark = "\n\n" if tag in _BLOCKS else "\n" if tag in _LINES else ""
    return [mark, _flow(element.text, keep_lines=tag == "pre")]


def _after(element: lxml.html.HtmlElement) -> list[str]:
    mark = "\n\n" if element.tag in _BLOCKS else " " if element.tag in _CELLS else ""
    return [mark, _flow(element.tail, keep_lines=False)]


def _flow(text: str | None, *, keep_lines: bool) -> str:
    """Line ends inside a paragraph of HTML are blanks, except where it says that they are not."""
    return text or "" if keep_lines else _ANY_BLANK.sub(" ", text or "")


def plain(value: str) -> str:
    """Text without markup: line ends within a paragraph are blanks, empty lines divide paragraphs."""
    paragraphs = re.split(r"\n\s*\n", value.replace("\r\n", "\n").replace("\r", "\n"))
    return tidy("\n\n".join(_ANY_BLANK.sub(" ", each) for each in paragraphs))


def tidy(text: str) -> str:
    """One blank at most between words, one empty line at most between paragraphs, nothing invisible; NFC."""
    text = _CONTROL.sub(" ", _INVISIBLE.sub("", text))
    text = _BLANK.sub(" ", text)
    text = re.sub(r" ?\n ?", "\n", text)
    text = re.sub(r"\n{3,}", "\n\n", text)
    return unicodedata.normalize("NFC", text.strip())


def line(value: str) -> str:
    """A title on one line, whether it came as text or as HTML."""
    return " ".join(html_to_text(value).split())
