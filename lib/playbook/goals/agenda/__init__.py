"""What each person does next week."""
