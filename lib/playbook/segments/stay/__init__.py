"""Who stays: retention, cohorts, contracts, and the value ahead."""
