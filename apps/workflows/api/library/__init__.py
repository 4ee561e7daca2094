"""The account's workflows: imported, listed, looked at."""
