"""Sắp xếp tổ chức: one decision about the register, drafted, looked at, carried out, taken back."""
