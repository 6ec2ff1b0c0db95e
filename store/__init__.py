"""What an observation is and where it is kept: journal, observations and state."""
