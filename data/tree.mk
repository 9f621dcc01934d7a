# The tree and what goes with it.
