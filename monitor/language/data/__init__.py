"""Generated data and the script that generates it."""
