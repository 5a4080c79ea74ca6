"""From executed notebooks to HTML and PDF."""
