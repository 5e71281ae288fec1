r"""How a text becomes an answer. ``Matcher.recognise`` in matcher.py takes these steps in this order.

1. unescape.py: undo JSON, HTML and URL escapes and terminal colours, so that one pattern fits all shapes.
2. Overheard, a cheap look first: where no two of the longest words of any pattern (pattern.py) are near
   each other, silence.
3. tokens.py: the text as words, typos in the patterns' own words put right, a lost underscore too. A code such as
   ``invalid_grant`` stays one word, and is taken apart as well.
4. pattern_index.py: every pattern that is there, in one walk, and the one that the end of the text cuts off.
5. ranking.py, ``context_of``: what else is there. Salesforce, another vendor, ... by words and by shapes of numbers.
6. ranking.py, ``counting``: which matches count in that context. The more everyday a pattern's words (its specificity,
   guidance.py), the more must stand beside it: overheard, a sentence that others print as well says nothing alone.
   Beside two names, the last before an error says whose it is.
7. Overheard: reports.py asks two linear models (linear.py), trained offline (``tests/training``), whether the form of
   the text around the error (report_features.py, never the error's own words) reports it, or is a program, a
   document, a plan, a solved case. The lines with errors are judged together; what is no report is silence.
   Where no pattern counts, the lines with Salesforce's name or nickname are judged, and a report is answered if the
   model below is sure which error its everyday words tell of; everyday words of surely something else are silence.
   What is advised after an error ("Check the client secret.") is no cause where the rest tells one (tokens.py).
   Asked: an error in Salesforce's own words is the answer; where they only say that it failed, what the wording
   surely speaks for, as when overheard. Else questions.py asks one linear model (question_model.py)
   over the text's words, groups of letters and what the patterns found say, whether it tells of an error, asks
   something, or neither, and what; the patterns that count, without Salesforce's name too, say which error it is.
   Where none does it is the one that the wording speaks for, and the answer says that it goes by no more than that:
   the topic first, then by the stems alone which of its entries.
   What is uncertain gets the two nearest sections, what hardly asks for any gets none.
   The sample questions that a team adds need no training: the nearest counts before the model.
8. ranking.py, ``ranked``: the deepest cause is the answer, the other topics are named beside it (entries.py); the
   code and the words that were found go with it.

One text all the way (a test runs these lines):

>>> text = r'{\"error\":\"invalid_grant\",\"error_description\":\"inactive%20user\"} after INVALID_SESSION_ID'
>>> readable = unescape(text)
>>> readable
'{"error":"invalid_grant","error_description":"inactive user"} after INVALID_SESSION_ID'
>>> words = raw_words(readable)
>>> words
['error', 'invalid_grant', 'error_description', 'inactive', 'user', 'after', 'invalid_session_id']
>>> index = PatternIndex([*guidance.patterns, *guidance.context])
>>> index.may_match(readable)
True
>>> matches = index.find(words)
>>> [(str(match.pattern.entry_id), match.pattern.text) for match in matches]
[('login-failed', 'invalid_grant'), ('(codes)', 'invalid_grant'),
 ('user-inactive', 'invalid_grant ... inactive user'), ('user-inactive', 'user .. deactivated|inactive|frozen'),
 ('session-expired', 'INVALID_SESSION_ID'), ('session-expired', 'session .. invalid')]
>>> context = context_of(matches, readable)  # nobody's name: what is everyday does not count
>>> list(map(str, context))
['(codes)']
>>> [(match.pattern.entry_id, depth_of(match.pattern)) for match in ranked(counting(matches, context))]
[('user-inactive', 3.0), ('session-expired', 1.5)]
>>> found = Matcher(guidance).recognise(text, asked=False)
>>> found.entry.topic, found.code, found.evidence, [other.topic for other in found.others]
('user-inactive-or-locked', 'invalid_grant', ('invalid_grant … inactive user',), ['token-expired-or-revoked'])

The numbers stand in their modules, each with its reason. All were chosen by hand, on the labelled examples of real
texts and on sets written for it that are not kept; where no more is said, no more is known.

To add an error: an entry in bot/guidance/errors.yml, whose head explains the kinds of patterns (``signs`` there); a
test of every pattern and of every row of the catalogue runs by itself (test_matcher.py, test_guidance_covers_errors.py
tell of a pattern that leads elsewhere), and a text as people paste it goes into test_forms_of_errors.py. Then
``python app.py evaluate FILE`` on labelled texts: nothing that was right may be wrong.
"""
