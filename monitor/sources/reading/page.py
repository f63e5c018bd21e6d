"""A page of HTML as an item: its title and its text."""

from __future__ import annotations

import lxml.etree
import lxml.html

from monitor.sources.reading import prose

#: parts of a page that are around an article, not in it
_AROUND = "//nav | //aside | //footer | //header[not(ancestor::article)] | //*[@hidden] | //*[@aria-hidden='true']"


def read(markup: str) -> tuple[str, str]:
    """``(title, text)`` of a page; the text of its one article if it has exactly one. Never raises."""
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = lxml.html.document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (lxml.etree.LxmlError, ValueError, AssertionError):
        return "", prose.plain(markup)
    title = prose.line(root.findtext(".//title") or "")
    for element in root.xpath(_AROUND):
        element.drop_tree()
    articles = root.findall(".//article")
    return title, prose.tree_to_text(articles[0] if len(articles) == 1 else root)
