"""Strings the rooms together: sources and settings in, packages out."""
