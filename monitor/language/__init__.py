"""Words to values: the language layer. It knows languages and no event kind; a kind knows roles and no words.

The manual for those who write a kind's ``find.py``
---------------------------------------------------

``find(document) -> Iterable[Event]`` gets a ``Document`` (document.py):

    document.sentences    tuple[Sentence], the title's first; the site's own lines are left out already
    document.published    the day weekdays resolve against (the item's, or its dateline's)
    document.people       surname in lower case -> actor, learned from titles anywhere in the item
    document.lexicon      .section("aid_pledge"), .common; document.trace: None, or where rules tell what they did

A ``Sentence`` is parallel lists of tokens and lazy layers over them; a token is named by its index:

    .raw .words           tokens as written, and in lower case ("Ukraine's" is "ukraine", "'s"; hyphens are tokens)
    .glued                those that touch the token before
    .starts .ends .field  offsets of each token into item.text or item.title (``field``)
    .index .paragraph     its number in the item, and its paragraph's
    .has(frozenset)       is any token among these words? The gate, before any layer is made: cheap, and a single ``&``
                          for sets that ``document.lexicon.marks.know`` was told of; so for all sentences at once are
                          ``document.having(frozenset)`` and ``document.passing(gate)``
    .hits("aid_pledge")   phrases of your section: Hit(i, j, roles); hit.roles[role] -> Entry(role, value, forms)
    .common, .common_at   the common section's hits (hedges, titles, prepositions ...), and token -> hit
    .quantities           Quantity(i, j, core_i, core_j, sort, count, low, high, qualifier, currency, measure, opener,
                          conversion, weak); sort: COUNT, MONEY, ORDINAL, YEAR, DAY, MEASURE, LABEL, DECIMAL
    .days                 Day(i, j, kind, ...).on(document.published, future=...) -> date or None
    .actors               Actor(i, j, actor, form, name, compound, possessive); actor: "UKR", "Hamas", "EU"
    .places               Place(i, j, name, level, country, region, preposition, certain, attributive)
    .credits, .credit(i)  whom the sentence credits for token i ("local officials"), pronouns resolved
    .span(i, j), .evidence(i, j)     offsets, and the Evidence record, of tokens[i:j]

A typical beginning:

    section = document.lexicon.section("aid_pledge")
    gate = section.firsts("give_verbs", "aid_nouns")          # keep it in document.lexicon.derived["aid_pledge gate"]
    for sentence in document.sentences:
        if not sentence.has(gate):
            continue
        for money in (q for q in sentence.quantities if q.sort is Sort.MONEY and not q.conversion):
            ...

Words live in ``lexicons/<language>/``: ``common.yaml`` for this layer and one file for each kind, whose roles are the
kind's own business (lexicon.py tells how they are written). No English in Python. What a rule gave or turned down goes
to ``document.trace`` where that is not None (trace.py). Confidence is yours; extract.py rounds and orders.
"""
