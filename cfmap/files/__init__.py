"""Single questions asked of files, without a city project: what is given and written in the same way, and a module for each family of questions."""
