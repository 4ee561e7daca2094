"""Tells people: by e-mail (`email_enqueue`) and over an account's own channels (`notify`)."""
