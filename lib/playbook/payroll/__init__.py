"""The month is closed: what is paid, frozen; what changed afterwards, line by line; the statements,
the plan document and what finance books.
"""
