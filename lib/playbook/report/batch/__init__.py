"""Many packs in one command: what is asked, what has not changed, who makes it, what came of it."""
