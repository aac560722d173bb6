"""The guided demo: a month at a fictional front desk, played through the real window by key presses."""
