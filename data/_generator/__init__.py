"""How does a city that does not exist come to be? Terrain, streets, people, sites, and the tables that departments hand in."""
