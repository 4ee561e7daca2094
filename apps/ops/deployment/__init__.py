"""Is this deployment fit for production? One file per check in `checks`; the folder is the list."""
