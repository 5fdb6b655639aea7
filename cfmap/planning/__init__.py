"""What should be done: safe ways to school, worked out from streets, schools and where children live."""
