"""References, expressions and credentials."""
