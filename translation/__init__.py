"""Keeping the catalogues of other languages: what is said in the code, merged and compiled."""
