"""The local cloud's issuer of tokens: OpenID Connect on 127.0.0.1, for invented people, with a key made at start.

`people` (who there is), `tokens` (what is signed), `codes` (what a browser carries to the client), `asking` (what is
asked), `page` (who do you want to be?), `endpoints` (the addresses), `running` (the server).
"""
