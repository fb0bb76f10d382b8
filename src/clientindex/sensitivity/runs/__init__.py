"""One run of the methodology with other weights, another method and redrawn indicator means.

What sensitivity simulations repeat many times: indices, ranks and stars of all centres. `scores`
is a compiled loop, `errors` redraws means, `methods` and `rules` say what a method is and `choices`
which there are, `model` puts them together and `room` puts the model to an edition.
"""
