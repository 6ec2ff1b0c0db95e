"""The air: from hourly concentrations to indices, rates and ranks."""
