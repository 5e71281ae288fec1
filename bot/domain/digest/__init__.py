"""Digests and alerts: of which orgs, where and when, in anybody's words; what they say. Pure.

subscription    what somebody asked for                 told             it in words
wish            what follows ``remind``                 form             the same as a form
spoken          a rhythm, a day, a time and a zone      other_languages  those that are offered in English
foreign_days    names of days in them                   zones            which clock is meant
places          what people call clocks                 zone_data        the newest zone data
setting         what is said to who sets one            schedule         when one is due, as slots
delivery        when it is tried, and tried again       undelivered      what is said when it does not come
report          what it says                            notices          what is said between digests
escalation      an org that is not ready for long       snooze_words     for how long one is left out
calendar_words  a day of the calendar                   posted_now       one that somebody had posted
"""
