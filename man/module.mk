# The man pages.
