"""The account's settings: people and connections, rules, notices, tokens, plan."""
