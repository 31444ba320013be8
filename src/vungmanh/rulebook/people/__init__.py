"""Facts about posts, members and organisations, held to the rules of a day. Nothing is kept."""
