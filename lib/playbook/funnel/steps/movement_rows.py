"""The parts of the pipeline movement, by rep and by deal."""

from __future__ import annotations

from playbook.base import contracts as col
from playbook.base.contracts import Frame

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


LABELS = {
    "opening": "Opening",
    "new": "New",
    "up": "Up",
    "down": "Down",
    "won": "Won",
    "lost": "Lost",
    "pushed": "Past their day",
    "closing": "Closing",
}


class MovementByRep(Frame):
    """One row per rep, the whole book last.

    opening + new + up − down − won − lost − pushed = closing.
    """

    rep = col.text("the rep; empty for deals without one and for the whole book")
    label = col.text("the rep as a page names it")
    opening = col.money("open and in date at the start")
    new = col.money("came in")
    up = col.money("wins that brought more than expected; with snapshots also amounts raised")
    down = col.money("wins that brought less than expected; with snapshots also amounts cut")
    won = col.money("left as won, at what they brought")
    lost = col.money("left as lost")
    pushed = col.money("expected day passed undecided, net of deals decided after theirs")
    closing = col.money("open and in date at the end")
    n_opening = col.count("deals in opening")
    n_new = col.count("deals in new")
    n_up = col.count("deals in up")
    n_down = col.count("deals in down")
    n_won = col.count("deals in won")
    n_lost = col.count("deals in lost")
    n_pushed = col.count("deals in pushed")
    n_closing = col.count("deals in closing")
    n_unvalued = col.count("deals open at the end without any amount")


class MovedDeals(Frame):
    """The largest deals of one part of the movement, largest first."""

    opportunity_id = col.text("the deal")
    customer_id = col.text("the customer, where the deal names one")
    lead_id = col.text("the lead the deal came from")
    rep_id = col.text("the rep, where the deal names one")
    value = col.money("what the deal moved")
    customer = col.text("the customer as a page names it")
    owner = col.text("the rep as a page names it")
