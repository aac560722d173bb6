"""Where things lie on this computer, and how the program talks about itself there."""
