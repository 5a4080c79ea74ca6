"""What is to be done about what sales lean on."""

from __future__ import annotations

from datetime import date
from typing import Any

from playbook.base.formats import Formats
from playbook.base.language import say
from playbook.base.settings import GoalSettings
from playbook.goals.illustrations import is_set
from playbook.goals.labels import kind_label
from playbook.methods.intervals import Rate
from playbook.page import Action


def risk_actions(
    heavy: list[dict[str, Any]],
    mix: Rate | None,
    pool: int | None,
    settings: GoalSettings,
    due: date,
    fmt: Formats,
) -> list[Action]:
    """What the concentration, the mix and the reserve ask for. heavy: rows of
    ``Concentration`` with one largest member at or above the limit that the book sets.
    """
    found = []
    for row in heavy:
        found.append(
            Action(
                say("Write the fallback for losing {largest}", largest=row["largest"]),
                say("sales director"),
                due,
                say(
                    "{share} of sales ({amount} in 12 months) hang on this {dimension}",
                    share=fmt.share(row["share"]),
                    amount=fmt.money(row["amount"], compact=True),
                    dimension=kind_label(row["dimension"]),
                ),
                None,
            )
        )
    if (
        mix is not None
        and mix.value is not None
        and is_set(settings, "new_customer_share")
        and mix.value < settings.new_customer_share
    ):
        found.append(
            Action(
                say("Open prospecting outside the strategic industries"),
                say("sales director"),
                due,
                say(
                    "{share} of new customers, {wanted} wanted",
                    share=fmt.share(mix.value),
                    wanted=fmt.share(settings.new_customer_share),
                ),
                None,
            )
        )
    set_ = is_set(settings, "reserve_leads")
    if set_ and pool is not None and pool < settings.reserve_leads:
        found.append(
            Action(
                say(
                    "Fill the reserve by {leads} leads",
                    leads=fmt.count(settings.reserve_leads - pool),
                ),
                say("marketing lead"),
                due,
                say("the reserve is below a month's worth"),
                None,
            )
        )
    return found
