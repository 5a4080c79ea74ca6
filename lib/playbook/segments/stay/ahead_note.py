"""What the value ahead rests on, in words."""

from __future__ import annotations

from playbook.base.formats import Formats, plural
from playbook.base.language import say

from .ahead_interval import Spread


def ahead_note(
    spend_fits: bool,
    under_contract: bool,
    returned: int,
    refunded: float,
    left_out: int,
    gap: str,
    spread: Spread,
    fmt: Formats,
) -> str:
    """How the values were reckoned and who is left out.

    returned: customers who had everything returned; refunded: share of the order value; left_out:
    customers without a purchase; gap: what orders lack.
    """
    spend = (
        say("Spend per purchase follows Gamma-Gamma on repeat purchases with a positive value")
        if spend_fits
        else (
            say(
                "Spend per purchase is the customer's own mean, pulled to the mean"
                " of all, because the spend model does not fit here"
            )
        )
    )
    contract = (
        say(
            " Customers under contract are valued by it: what is agreed, and"
            " after its end times the renewal rate of contracts renewed as often"
            " (for sure where the renewal is signed); those whose contract"
            " lapsed by its yearly value times the share of such customers that"
            " came back."
        )
        if under_contract
        else ""
    )
    back = (
        say(
            " {customers} with a net amount of zero or less over all data"
            " {en_are} expected to bring nothing, never less.",
            customers=plural(returned, "customer"),
            en_are="is" if returned == 1 else "are",
        )
        if returned
        else ""
    )
    refunds = (
        say(
            "; expected revenue is lowered by the share refunded so far ({refunded})",
            refunded=fmt.share(refunded),
        )
        if refunded
        else ""
    )
    unseen = say(" Here {gap}; the model takes that for silence.", gap=gap) if gap else ""
    left = (
        say(
            " {customers} without a purchase of their own are left out.",
            customers=plural(left_out, "customer"),
        )
        if left_out
        else ""
    )
    return say(
        "BG/NBD: each customer buys at its own steady rate until it silently"
        " stops; all orders of one day are one purchase. {spend}{refunds}."
        " The model takes the first purchase in the data for the first ever."
        " It says nothing about customers still to be"
        " won.{contract}{back}{left}{gap}{text}",
        spend=spend,
        refunds=refunds,
        contract=contract,
        back=back,
        left=left,
        gap=unseen,
        text=spread.text(),
    )
