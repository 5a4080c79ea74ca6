"""The work behind a number of deals: rates, leads, visits, and what the team can do."""
