"""The shelf as a catalogue for reading apps: OPDS 1.2 and OPDS 2.0."""
