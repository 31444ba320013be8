"""Reforms as workbooks, their consequences as a table, and committing with all that follows."""
