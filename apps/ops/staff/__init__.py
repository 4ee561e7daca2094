"""The admin for staff: a second factor at its door, a view of today, one search box, a trail."""
