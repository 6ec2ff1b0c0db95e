"""From observations to answers: what is read, which edition judges it, and how it is told."""
