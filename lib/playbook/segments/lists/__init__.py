"""Lists of customers to work from."""
