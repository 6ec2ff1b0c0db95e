"""Rules as data, episodes in event time, the outbox and the notifiers."""
