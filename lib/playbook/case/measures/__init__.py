"""The measures on, off and moved in time, and what each did."""
