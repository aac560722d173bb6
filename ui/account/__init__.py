"""What an account does for itself: its password, the lock of this computer, the page of rights."""
