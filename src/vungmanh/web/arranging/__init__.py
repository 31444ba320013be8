"""Pages of what is to be rearranged, and of places without an organisation of their own."""
