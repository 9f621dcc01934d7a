# The languages.
