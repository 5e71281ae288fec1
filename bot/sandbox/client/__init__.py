"""Slack's client as a page: the built-in workspace in a browser, drawn on the server, with a small script of our own.

    server      HTTP: who may ask, the first page, what changed, what was done
    looking     where somebody looks: which conversation, and what is open beside it
    desk        what the page keeps beside the workspace: windows, what was read, clock and orgs around it
    acting      what is pressed and typed becomes what a person does at the workspace
    regions     the parts of the page as HTML; ``page`` draws the blocks in them
    exchanges   what Slack and the bot said to each other, without secrets
    tour        the five steps for a newcomer

The bot knows nothing of it: it is asked by signed requests and answers over the Web API, as ever.
"""
