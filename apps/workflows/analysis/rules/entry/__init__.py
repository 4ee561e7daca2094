"""How contacts get into a workflow."""
