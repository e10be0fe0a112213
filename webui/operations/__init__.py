"""What people can do, one function an action.

Each takes the database, who acts and when, and is one transaction with its audit row. Functions
that only read return values; nothing here knows Flask.
"""
