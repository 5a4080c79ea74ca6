"""The pages of the review meeting: dashboard and agenda."""
