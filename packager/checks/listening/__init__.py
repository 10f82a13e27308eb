"""Listening back: whether a narration says what its text says, sentence by sentence."""
