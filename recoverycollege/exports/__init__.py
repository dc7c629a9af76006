"""What staff take out of the portal as spreadsheets."""
