"""The use cases: what the bot does, over the ports and the domain, whatever the medium.

assistant          answers who asks: the verbs, questions, error pastes
conversation       what to do about a message       conversation_history   what is kept around it
connect_org        connects orgs                    browser_login          logins in a browser
manage_orgs        rename, apps, owner, goodbye     org_checks             reads orgs live
connection_health  tells that a login ended         permissions            who may change things
trusted_people     whom admins trust                settings               /flosum settings, made of the others' parts
digest             the weekly digest                feedback               was an answer helpful
slash_verbs        what runs each slash verb
home               the Home tab                     uninstall              workspaces that come and go
departures         the one workspace of a token leaves
retention          what is forgotten after 30 days
"""
