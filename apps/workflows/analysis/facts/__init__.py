"""What rules know in common: texts, addresses, waits, conditions, lists, who starts whom."""
