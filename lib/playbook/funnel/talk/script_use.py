"""Whether scripts are used against the objections they answer."""

from __future__ import annotations

import numpy as np
import pandas as pd

from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.language import later
from playbook.base.settings import Script
from playbook.data.book import Book
from playbook.data.measures.deals import Deals
from playbook.data.measures.objections import objected_deals, words_of_contacts
from playbook.funnel.ranking import BEYOND, WITHIN
from playbook.funnel.windows import bounds
from playbook.methods.comparisons import holm
from playbook.methods.intervals import Rate, proportions_p

from .scripts import find
from .wording import tidy

LEVEL = 0.05


class ScriptUse(Frame):
    """One row per objection of the last 12 months that the library has a script with words for."""

    objection = col.text(later("the objection as written"))
    deals = col.count(later("deals with it and with contacts on record"))
    used = col.count(later("of these, with words of the script in what was written"))
    share = col.share(later("used ÷ deals"), low="low", high="high")
    low = col.share(later("lower end of the Wilson 95 % interval"))
    high = col.share(later("upper end of the Wilson 95 % interval"))
    won_with = col.share(later("won of decided, with the script"))
    with_of = col.count(later("decided deals with it"))
    won_without = col.share(later("won of decided, without it"))
    without_of = col.count(later("decided deals without it"))
    p = col.number(later("p of no difference, adjusted over the rows (Holm)"))
    reading = col.text(later("beyond chance, within chance or –"))


def use(deals: Deals, book: Book, stage: int) -> pd.DataFrame:
    if not book.has("activities", "opportunity_id"):
        return ScriptUse.make([])
    rows = objected_deals(deals, stage, bounds(book, "trailing_12m")[0])
    written = words_of_contacts(book, list(rows.opportunity_id))
    rows = rows[rows.opportunity_id.isin(written)]
    losses = bool((rows.outcome == "lost").any())
    found = []
    for objection, part in rows.assign(what=[tidy(o) for o in rows.objection]).groupby("what"):
        script = find(str(objection), book.settings.funnel.scripts)
        if script is None or not script.used:
            continue
        used = np.array([shows(script, written[o]) for o in part.opportunity_id], dtype=bool)
        rates = [_won(part[used], losses), _won(part[~used], losses)]
        share = Rate(int(used.sum()), len(part))
        both = min(rate.n for rate in rates) > 0
        found.append(
            {
                "objection": objection,
                "deals": len(part),
                "used": share.numerator,
                "share": share.value,
                "low": share.interval[0],
                "high": share.interval[1],
                "won_with": rates[0].value,
                "with_of": rates[0].n,
                "won_without": rates[1].value,
                "without_of": rates[1].n,
                "p": proportions_p(rates[0].numerator, rates[0].n, rates[1].numerator, rates[1].n)
                if both
                else np.nan,
            }
        )
    if not found:
        return ScriptUse.make([])
    p = holm([row["p"] for row in found])
    word = ["–" if q != q else BEYOND if q < LEVEL else WITHIN for q in p]
    frame = pd.DataFrame(found).assign(p=p, reading=word)
    frame = frame.sort_values(["deals", "objection"], ascending=[False, True], ignore_index=True)
    return ScriptUse.make(dict(frame.items()))


def shows(script: Script, text: str) -> bool:
    """Whether one of the script's words stands in what was written (in lower case)."""
    return any(word.lower() in text for word in script.used)


def _won(part: pd.DataFrame, losses: bool) -> Rate:
    """Won of decided; nothing where no loss is on record."""
    decided = part[part.outcome.isin(["won", "lost"])]
    return Rate(int((decided.outcome == "won").sum()), len(decided)) if losses else Rate(0, 0)
