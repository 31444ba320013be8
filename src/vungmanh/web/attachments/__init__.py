"""Photographs, scans and PDFs of a record: the part of its page, adding, downloading, removing."""
