"""What customers are worth: RFM, tiers, ABC, and who moved."""
