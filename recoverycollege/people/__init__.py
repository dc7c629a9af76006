"""What concerns a whole person, across the apps."""
