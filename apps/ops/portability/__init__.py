"""Everything an account owns, to be taken along or forgotten.

Which rows are an account's is read from the models themselves: those with a path of foreign keys
to it, or an `account_id`. So a new table is exported and erased without anybody thinking of it.
Only what the models cannot say is declared: `own_through`, `hide`, `before_erasing`.
"""
