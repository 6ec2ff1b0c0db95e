"""The schedule: what is done every hour, day and month, each period once, in order, also after a downtime."""
