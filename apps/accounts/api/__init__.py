"""The REST doors of accounts."""
