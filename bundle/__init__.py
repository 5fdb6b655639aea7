"""One zip that a clerk unpacks and double-clicks, without internet and without rights to install: ``make bundle``."""
