"""What people see and do in Slack."""
