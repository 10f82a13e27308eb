"""Devices that are disks: which are attached, what goes where on them, and how it gets there whole or not at all."""
