"""The contract of the tables, reading them, checking them, the book as seen on a date, and every
row-level measure.
"""
