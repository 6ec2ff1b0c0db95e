"""Air stations and river sections that do not exist: physics with seeded noise, and faults."""
