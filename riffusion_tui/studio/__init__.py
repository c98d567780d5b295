"""The server half of the contract: it answers as the vendor documented, and makes the music itself."""
