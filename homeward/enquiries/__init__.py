"""What families ask: enquiries, the persons they seek, the enquirers and how to reach them safely.

Many enquirers may ask about one man; joining and separating is a person's act and can be undone. Everything here is
sealed under the family key class. This room knows nothing of the register, and what it shows an operator or a partner's
clerk is the same whatever the register holds.
"""
