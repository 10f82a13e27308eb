"""The ways out: devices, mail, catalogue, podcast feed and the page that reads along; one folder or file a way."""
