"""Names of people, artists and works, whose words describe no music."""
