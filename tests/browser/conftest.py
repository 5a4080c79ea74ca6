"""The browser of all tests here, started once."""

from browsing import browser, opened

__all__ = ["browser", "opened"]
