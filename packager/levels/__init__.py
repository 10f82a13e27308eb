"""How loud sound is: what the rooms that make it and the rooms that check it both need."""
