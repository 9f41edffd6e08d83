"""How a family wishes to be reached, and what goes out and comes in.

The default is no contact. What goes out is one of a closed list of texts (`texts.py`) whose only variable is her reference,
at her hours, at a random minute (`hours.py`), also when nothing is new: a message means nothing by itself. First her
preferred channel, then the next, then a call-back task for the hotline.

    from homeward.contact.actions import ring, ring_soon, set_wishes

    ring(enquiry.reference, because="answer")       # in the caller's transaction; nothing where she wished no contact

A message stands on one channel at a time (`posting.py`), the database sees to it. What was handed over when the process
died is never handed over again. Whom a subject's reference names, this room does not know.
"""
