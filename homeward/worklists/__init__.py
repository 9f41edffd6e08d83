"""The home of each member of staff: what waits for her, the oldest first, with counts."""
