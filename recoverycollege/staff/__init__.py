"""Who works here: their role, how they are invited, and how their access ends."""
