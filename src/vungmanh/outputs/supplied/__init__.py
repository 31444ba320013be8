"""Forms that another office supplies: kept with the map of their cells, filled from records."""
