"""Columns of the sales velocity and of its change."""

from __future__ import annotations

from playbook.base import contracts as col
from playbook.base.contracts import Frame
from playbook.base.language import later


class VelocityParts(Frame):
    """One row per time (now, year before): the four factors, each with its n, and their product."""

    time = col.text(later("now or year before"))
    open = col.count(later("deals open at the end of the window"))
    won = col.count(later("deals won in the 12 months to it"))
    decided = col.count(later("deals won or lost in them"))
    win_rate = col.share(later("won ÷ decided"), low="low", high="high")
    low = col.share(later("lower end of the Wilson 95 % interval"))
    high = col.share(later("upper end of the Wilson 95 % interval"))
    size = col.money(later("average amount of the won deals that carry one"))
    priced = col.count(later("won deals that carry an amount"))
    cycle = col.days(later("median time from creation to the win of the won deals"))
    timed = col.count(later("won deals that carry both days"))
    velocity = col.money(later("open × win rate × size ÷ cycle, a day"))


class VelocityChange(Frame):
    """One row per factor: what it did to the velocity, nothing left over (Shapley)."""

    factor = col.text(later("open deals, win rate, average win or cycle"))
    before = col.thing(later("its value a year before"))
    now = col.thing(later("its value now"))
    unit = col.text(later("unit of the two"))
    change = col.money(later("its part of the change of the velocity, a day"))
