"""Documents into items: pure functions from bytes to records, which run in a worker process.

    decode.py     bytes -> well-formed text, whatever they claim to be
    swift.py      RSS, RDF, Atom: text -> raw entries, by lxml, for what is well-formed
    feeds.py      RSS, RDF, Atom: text -> raw entries, by feedparser, for the rest
    listing.py    a listing page: bytes -> Document, by CSS selectors      sitemaps.py   a sitemap
    jsonfeed.py   JSON Feed: text -> raw entries
    entries.py    raw entries -> items: identity, text, day, outlet
    prose.py      HTML -> clean text          days.py   dates in any form -> day and instant
    links.py      which addresses are the same
    document.py   the way through all of these: read(body) -> Document
    files.py      text, Markdown, HTML and JSON-lines files, with their feed.yaml; page.py for the HTML

Nothing here talks to the network or reads the clock: a document is read the same way in a test, a worker and a replay.
"""

from monitor.sources.reading.files import read_path, read_stream

__all__ = ["read_path", "read_stream"]
