"""Vững Mạnh: strong from the grassroots."""

__version__ = "0.1.0"
