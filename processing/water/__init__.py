"""The water: from values of items to classes of sections, rivers and cities."""
