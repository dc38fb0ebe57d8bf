"""Activities: the list, one activity with its life, and the forms that move and change it."""
