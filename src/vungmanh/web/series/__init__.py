"""Series over months and years, by the structure then or by that of now."""
