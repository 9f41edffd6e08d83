"""Partner organisations: committees of mothers, Red Cross branches. They refer enquiries, and see how far their own have come.

A referral is written down before it is acknowledged (`Referral`) and becomes an enquiry in the worker, some of each
partner in turn, so that the flood of one does not delay another. What a partner sees of a referral is one of five words,
and the same word for a man who is held, who is dead and of whom nothing is known, until the family itself has been told.
PFIF 1.4 comes in through the same door, and goes out only to a partner whom two people cleared for that very record.
"""
