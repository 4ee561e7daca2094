"""The pages people see: thin, over the same selectors and services as the API."""
