"""Workbooks in and out. Pure: bytes to rows and rows to bytes, no database, no clock."""
