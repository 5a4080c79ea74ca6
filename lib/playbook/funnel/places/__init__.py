"""Where deals stop: groups, the narrow step and its price, the search for places that fell behind."""
