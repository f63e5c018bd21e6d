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
#: where a paragraph and a line end, while blanks are still as they came; Unicode keeps both for internal use
_PARAGRAPH, _LINE = "\ufdd0", "\ufdd1"
#: zero-width and soft-hyphen characters, which split words, and direction overrides, which disguise them
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_EMPTY_LINES = re.compile(r"\n\s*\n")
_LINE_END = re.compile(r" ?\n[ \n]*")
_PARSER = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)


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
    if "<![CDATA[" in markup:  # wrapped twice: HTML would take it for a comment
        markup = markup.replace("<![CDATA[", "").replace("]]>", "")
    try:
        root = lxml.etree.fromstring(markup.encode("utf-8", "replace"), _PARSER)
    except (lxml.etree.LxmlError, ValueError):  # nothing but a comment
        return ""
    return "" if root is None else tree_to_text(root)


def tree_to_text(root: lxml.html.HtmlElement) -> str:
    """The text of a part of a page."""
    return tidy("".join(_pieces(root)))


def _pieces(root: lxml.html.HtmlElement) -> list[str]:
    out: list[str] = []
    walk = lxml.etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if event == "end":
            out.append(_PARAGRAPH if tag in _BLOCKS else " " if tag in _CELLS else "")
            out.append(element.tail or "")
        elif tag in _DROPPED or (element.attrib and _is_hidden(element)):
            walk.skip_subtree()
        else:
            out.append(_PARAGRAPH if tag in _BLOCKS else _LINE if tag in _LINES else "")
            text = element.text or ""
            out.append(text.replace("\n", _LINE) if tag == "pre" else text)
    return out


def _is_hidden(element: lxml.html.HtmlElement) -> bool:
    """Words that no reader sees: a newsletter's line for the list of letters, or bait for machines that read."""
    return element.get("hidden") is not None or _HIDDEN.search(element.get("style", "")) is not None


def plain(value: str) -> str:
    """Text without markup: line ends within a paragraph are blanks, empty lines divide paragraphs."""
    return tidy(_EMPTY_LINES.sub(_PARAGRAPH, value.replace("\r\n", "\n").replace("\r", "\n")))


def tidy(text: str) -> str:
    """One blank at most between words, one empty line at most between paragraphs, nothing invisible; NFC."""
    if not text.isascii():
        text = _INVISIBLE.sub("", text)
    text = " ".join(_CONTROL.sub(" ", text).split())
    if _PARAGRAPH in text or _LINE in text:
        text = text.replace(_PARAGRAPH, "\n\n").replace(_LINE, "\n")
        text = _LINE_END.sub(lambda end: "\n\n" if end[0].count("\n") > 1 else "\n", text).strip()
    return unicodedata.normalize("NFC", text)


def line(value: str) -> str:
    """A title on one line, whether it came as text or as HTML."""
    return " ".join(html_to_text(value).split())
