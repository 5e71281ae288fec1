"""The use cases: what the bot does, over the ports and the domain, whatever the medium.

assistant    answers who asks: the verbs, questions, error pastes
checks       reads orgs live               conversing   what to do about a message in a conversation
connecting   connects orgs                 remembering  what was said around a message
browsing     logins in a browser           rating       was an answer helpful
tending      rename, apps, owner, goodbye  settling     /flosum settings, made of the others' parts
watching     tells that a login ended      governing    whom admins trust
reminding    the weekly digest             rights       who may change things
home         the Home tab                  spaces       workspaces that come and go
"""
