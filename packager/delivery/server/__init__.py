"""The shelf on the network: one small web server for reading apps, podcast players and browsers."""
