"""The assembled program: command line, settings, wiring, the schedule, doctor and demo."""
