"""Staff: who they are, which roles they hold, and the guards at every door of the staff site.

Every view says which right it needs (`@requires`) or that it is open (`@open_to_anyone`). A view that says neither is
closed by the middleware, so forgetting fails closed. Roles are data in `roles.py`: easy to read, to test, to change.
"""
