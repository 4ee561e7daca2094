"""How steps are wired: dead ends, loops, branches."""
