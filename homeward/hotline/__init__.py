"""The telephone: one call script for every line, the queue, call-backs, voicemail, the operator's desk, the supervisor's board.

It promises that a call is answered or called back, that nothing anybody hears or an operator opens tells whether he was
found, and that who called is not kept longer than needed. Enquiries themselves belong to `enquiries`.
"""
