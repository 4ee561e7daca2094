"""The core: analyses a workflow's graph; plain Python, no Django, no input or output."""
