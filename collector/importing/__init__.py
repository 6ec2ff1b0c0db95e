"""Import: files and requests, told as messages of the journal, and what the applier makes of these."""
