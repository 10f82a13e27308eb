"""`Article` → `Page`s: the cover, the article under its title, and the colophon that says how the book was made.

This room is not in the first plan of the house: what the book says about itself has to be there before the voice speaks, and
must be known to be true before it is written. It imports the model alone.
"""
