"""Members by name out of Excel and into it, beside the register; nothing overwritten."""
