"""States of customers who get no scores, in the order in which they follow the segments."""

from playbook.base.language import later

DORMANT = later("dormant")  # no order in the window
BY_SCORE = (  # orders in the window, but long ago, few and small: a segment of the three-axis map
    later("dormant by score")
)
NET_NEGATIVE = later("net zero or less")  # orders in the window, but refunds took all of it
UNNAMED = later("no customer named")  # orders that name no customer
NEVER = later("never ordered")  # in the customer list, without any order yet
OUTSIDE = (DORMANT, NET_NEGATIVE, UNNAMED)
