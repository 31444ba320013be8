"""Photographs, scans and PDFs made anew before they are kept."""
