"""The directory: organisations, services and places in the shape of Open Referral HSDS 3."""
