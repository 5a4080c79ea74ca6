"""How one delivery can end other than well."""


class NotSent(Exception):
    """Certainly not taken by the other side: it may be tried again."""


class InDoubt(Exception):
    """Handed over, and no answer came: it may have been taken, so it is not tried again unasked."""
