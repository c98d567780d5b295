"""Line mode: the app without a screen."""
