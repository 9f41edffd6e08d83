"""What may be told to whom: the answer to each enquirer, proposed by one person and approved by another over its exact words.

Nothing leaves the house from here yet: this room holds the decision and its constraints. A row of `Answer` cannot stand
without a second person's approval over the same content, nor tell of a fate that two people have not confirmed. A death is
never written: its answer is a call by a person, and waits on the call list until it was made.
"""
