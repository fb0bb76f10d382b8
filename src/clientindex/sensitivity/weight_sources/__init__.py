"""Where weights could come from: each source gives weights that sum to 1 inside their parent.

A file a source, functions of arrays that know no file or label: `equal`, `budget` and `ahp`
(experts), `entropy` and `critic` (spread between centres), `components` (what indicators have in
common), `relative_importance` (regression on overall satisfaction), `reliability`, `benefit` (of
the doubt). `sources` puts them to a methodology, and `room` compares what they give;
`contradictions` warns of experts. Nothing is imported here, since the warnings need little of it.
"""
