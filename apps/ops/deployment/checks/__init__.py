"""The checks; a file here with SEVERITY and `check(target)` is one, and its name is its id."""
