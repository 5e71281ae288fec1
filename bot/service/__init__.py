"""The use cases: what the bot does, over the ports and the domain, whatever the medium.

assistant           answers who asks: verbs, questions, errors    slash_verbs           what runs each slash verb
conversation        what to do about a message                    conversation_history  what is kept around it
reading_on          a message that goes on from another           check_error           the org behind an error
feedback            was an answer helpful                         greeting              whoever opens the first talk

connect_org         connects orgs                                 browser_login         logins in a browser
connection_health   tells that a login ended                      kept_org              an org with its login
manage_orgs         rename, apps, owner, tags, goodbye            owner_form            choosing an owner
named_org           the org that a command names                  former_names          what it is called now
org_checks          reads orgs live                               shared_readings       equal readings joined
pooled_orgs         never more at once than the pool              org_details           all that is known of one
user_access         who may connect, and why not                  org_guide             its checklist
granting            lets people into an app                       grant_recovery        what was left half written

subscriptions       what people say of digests and alerts         digest_form           a digest set with a form
digest_delivery     finds what is due                             digest_gathering      reads orgs in the hour before
digest_making       what a digest is made of                      digest_posting        posts it, once
posting_now         posts one that somebody asks for, once
mentions            how owners are named in it                    orgs_over_time        what becomes of orgs meanwhile
alerts              an org is not ready any more, or again        escalating            not for long; owners who leave
snoozing            leaves orgs out for a while                   notices               what is said once in between

home                the Home tab                                  settings              /flosum settings
permissions         who may change things                         trusted_people        whom admins trust, the trail
offers              what somebody may press who reads it alone
membership          who may see orgs                              guest_access          whether guests may
shared_channels     where another company reads, too              org_access_setting    what may be done in orgs
uninstall           workspaces that leave                         departures            that of a token in the settings
successors          who is told in place of who left              retention             what is forgotten after 30 days
shared_clock        one clock for all processes
"""
