"""Quality control on entry: values are flagged when their message is applied, with the history of their own subject."""
