"""What others say of our work, and what we see that they cannot: file → findings."""
