"""What an account decides about rules."""
