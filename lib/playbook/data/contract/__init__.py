"""The tables of the contract, one module per question: what was sold, what was done for customers,
who did it, and what was aimed at. ``data/tables.py`` gathers them.
"""
