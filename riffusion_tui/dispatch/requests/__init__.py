"""From what the user wrote to jobs: requests checked, options derived, songs edited and locked."""
