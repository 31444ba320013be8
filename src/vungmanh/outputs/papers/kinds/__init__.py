"""Kinds of paper: each takes what is to be said as typed data and gives the description of it."""
