"""Published figures of the case and of six other firms beside the book's own."""
