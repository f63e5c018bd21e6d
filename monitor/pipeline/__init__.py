"""The story: from a source to an alert that was sent.

    poll_source():   sources.poll | what is new or edited | extract | take_in()         polling.py
    take_in():       one transaction: item, claims, compare, rules, outbox              taking.py
    send_due():      outbox | message.compose | delivery.send | what became of it       sending.py

The only package that knows all the others. It decides nothing itself: every decision is a pure function's, and has a
named reason that is stored beside it.
"""

from __future__ import annotations

from monitor.pipeline.polling import Polled
from monitor.pipeline.running import Pipeline, assemble, utc_now
from monitor.pipeline.sending import Sent
from monitor.pipeline.taking import Taken, in_order, take_in

__all__ = ["Pipeline", "Polled", "Sent", "Taken", "assemble", "in_order", "take_in", "utc_now"]
