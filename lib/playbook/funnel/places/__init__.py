"""Where deals stop: steps by member, what a narrow step costs, places that fell behind."""
