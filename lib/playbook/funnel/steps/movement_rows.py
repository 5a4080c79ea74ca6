"""The parts of the pipeline movement, by rep and by deal."""

from __future__ import annotations

from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.language import later

SIGNS = {
    "opening": 1,
    "new": 1,
    "up": 1,
    "down": -1,
    "won": -1,
    "lost": -1,
    "pushed": -1,
    "closing": 0,
}
NEITHER = ("won", "pushed")  # leaves the pipeline for the better, or only in date


LABELS = later(
    {
        "opening": "Opening",
        "new": "New",
        "up": "Up",
        "down": "Down",
        "won": "Won",
        "lost": "Lost",
        "pushed": "Past their day",
        "closing": "Closing",
    }
)


class MovementByRep(Frame):
    """One row per rep, the whole book last.

    opening + new + up − down − won − lost − pushed = closing.
    """

    rep = col.text(later("the rep; empty for deals without one and for the whole book"))
    label = col.text(later("the rep as a page names it"))
    opening = col.money(later("open and in date at the start"))
    new = col.money(later("came in"))
    up = col.money(
        later("wins that brought more than expected; with snapshots also amounts raised")
    )
    down = col.money(later("wins that brought less than expected; with snapshots also amounts cut"))
    won = col.money(later("left as won, at what they brought"))
    lost = col.money(later("left as lost"))
    pushed = col.money(later("expected day passed undecided, net of deals decided after theirs"))
    closing = col.money(later("open and in date at the end"))
    n_opening = col.count(later("deals in opening"))
    n_new = col.count(later("deals in new"))
    n_up = col.count(later("deals in up"))
    n_down = col.count(later("deals in down"))
    n_won = col.count(later("deals in won"))
    n_lost = col.count(later("deals in lost"))
    n_pushed = col.count(later("deals in pushed"))
    n_closing = col.count(later("deals in closing"))
    n_unvalued = col.count(later("deals open at the end without any amount"))


class MovedDeals(Frame):
    """The largest deals of one part of the movement, largest first."""

    opportunity_id = col.text(later("the deal"))
    customer_id = col.text(later("the customer, where the deal names one"))
    lead_id = col.text(later("the lead the deal came from"))
    rep_id = col.text(later("the rep, where the deal names one"))
    value = col.money(later("what the deal moved"))
    customer = col.text(later("the customer as a page names it"))
    owner = col.text(later("the rep as a page names it"))
