"""The report of deviations: counted, hidden where small, frozen, and put in words."""
