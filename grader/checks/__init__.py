"""Runs one student's lesson against its checks in pytest, and explains the results."""
