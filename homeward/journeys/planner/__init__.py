"""Ways through a network of timetables, hours, waits, closures, nights and seats. No Django, no database, no clock."""
