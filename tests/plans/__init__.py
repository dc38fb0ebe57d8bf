"""Plans as Frida keeps them: under each other, goals in their own words, adopted and capped."""
