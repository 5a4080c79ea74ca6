"""The only code that touches rows: grouped, lazy, written once with narwhals. One module per
subject.
"""
