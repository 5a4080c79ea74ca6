"""Action lists: whom to call, whom to stop visiting, and everything to be done per rep."""
