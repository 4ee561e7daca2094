"""Live sources of workflows over real HTTP."""
