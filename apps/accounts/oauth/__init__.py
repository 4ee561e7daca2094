"""Sign-in with HighLevel by OAuth 2."""
