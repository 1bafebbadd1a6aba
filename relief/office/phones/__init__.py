"""Phones at the desk: joining, watched, given rights; what leads and help desks ask for; the days that phones closed."""
