"""What the college prints: tagged PDF, with the fonts of the certificates."""
