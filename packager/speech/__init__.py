"""`Page`s → `Script`: an id on every sentence, what is said of it, and the pause that follows."""
