"""Official papers: one description, one layout, drawn as Word here."""
