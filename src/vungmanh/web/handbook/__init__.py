"""Đối chiếu tệp: the roll-up out, a file in, and what the two tell differently."""
