// Tickloom
