"""Write texts.csv, the model texts whose parameters R lavaan is asked for: python texts.py."""

import csv

NINE = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
TEXTS = [
    ("three", 1, 0, 0, NINE),
    ("three_std_lv", 1, 1, 0, NINE),
    ("three_orthogonal", 1, 0, 1, NINE),
    (
        "continued",
        1,
        0,
        0,
        "# a comment; with signs =~ ~~\nf =~ x1 +\n  x2 + # another\n  x3 ! and one more\n"
        "g =~ x4\n  + x5 + x6; f ~~ 0*g",
    ),
    ("modifiers", 1, 0, 0, "f =~ NA*x1 + 0.5*x2 + a*x3 + start(0.7)*x4 + a*x5 + -.25*x6; f ~~ 1*f"),
    ("second_order", 1, 0, 0, NINE + "\ng =~ visual + textual + speed"),
    ("second_order_std_lv", 1, 1, 0, NINE + "\ng =~ visual + textual + speed"),
    (
        "bifactor",
        1,
        1,
        1,
        "general =~ x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9\n" + NINE,
    ),
    ("residuals", 1, 0, 0, NINE + "\nx7 ~~ x8 + b*x9\nx1 ~~ 0.3*x1\nx2 + x3 ~~ x4"),
    ("single", 1, 0, 0, "f =~ x1 + x2 + x3\ng =~ x4\nh =~ x5 + x6"),
    ("equal", 1, 0, 0, 'f =~ x1 + x2 + equal("f=~x2")*x3 + x4'),
    ("tau_equivalent", 1, 0, 0, "f =~ t*x1 + t*x2 + t*x3 + x4"),
    ("regression", 1, 0, 0, NINE + "\nspeed ~ visual + 0.4*textual"),
    ("two_outcomes", 1, 0, 0, NINE + "\nspeed + textual ~ visual"),
    ("path", 1, 0, 0, NINE + "\nspeed ~ textual\ntextual ~ visual"),
    ("means", 1, 0, 0, "f =~ x1 + x2 + x3 + x4\nx1 ~ 0*1\nf ~ m*1"),
    ("two_groups", 2, 0, 0, "f =~ x1 + c(a, b)*x2 + c(0.5, NA)*x3 + 0.7*x4 + q*x5\nf ~~ c(v, v)*f"),
    ("two_groups_means", 2, 0, 0, "f =~ x1 + x2 + x3\nx1 ~ c(i, i)*1\nf ~ c(0, NA)*1"),
    ("two_groups_std_lv", 2, 1, 0, NINE + "\nvisual ~~ c(0, NA)*speed"),
]

with open("texts.csv", "w", newline="", encoding="utf-8") as file:  # noqa: PTH123 - a script
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["name", "n_groups", "std_lv", "orthogonal", "text"])
    writer.writerows(TEXTS)
