# Reference values for tests/reliability/hierarchical, made by psych and lavaan.
# Three groups of three: a1 a2 a5, b1-b3, c1-c3. Run from this folder: Rscript omegas.R
suppressPackageStartupMessages({library(psych); library(lavaan)})
options(digits = 17, warn = -1, mc.cores = 1)
source("write.R")
answers <- read.csv("answers.csv")
groups <- list(a = c("a1", "a2", "a5"), b = paste0("b", 1:3), c = paste0("c", 1:3))
keys <- unlist(groups, use.names = FALSE)
x <- answers[keys]; S <- cov(x); s <- sqrt(diag(S))
row <- function(solution, group, statistic, value, se = NA)
  data.frame(solution, group, statistic, value, se)
found <- schmid(cor(x), 3, fm = "minres", rotate = "oblimin")$sl[, 1:4] * s
share <- function(l, S) c(sum(colSums(l)^2), sum(colSums(l)[-1]^2)) / sum(S)
rows <- list(row("schmid_leiman", "index", "omega_total", share(found, S)[1]),
             row("schmid_leiman", "index", "omega_hierarchical", sum(found[, 1])^2 / sum(S)))
for (g in names(groups)) {
  k <- groups[[g]]; both <- share(found[k, ], S[k, k])
  rows <- c(rows, list(row("schmid_leiman", g, "omega_total", both[1]),
                       row("schmid_leiman", g, "omega_hierarchical", both[2])))
}
psych_omega <- omega(cor(x), 3, fm = "minres", rotate = "oblimin", plot = FALSE)
rows <- c(rows, list(row("psych", "index", "omega_hierarchical", psych_omega$omega_h),
                     row("psych", "index", "omega_total", psych_omega$omega.tot)))

# Sums of loadings and residuals as parameters that lavaan defines.
measure <- function(factor, keys, label)
  paste(factor, "=~", paste0("NA*", keys[1], "+", paste0(label, keys, "*", keys, collapse = "+")))
residuals <- paste0(keys, "~~e", keys, "*", keys, collapse = "\n")
sum_of <- function(label, keys) paste0("(", paste0(label, keys, collapse = "+"), ")")
group_lines <- function(label) sapply(names(groups), function(g) measure(g, groups[[g]], label))
correlated <- paste(c(group_lines("l"), "a~~1*a\nb~~1*b\nc~~1*c\na~~ab*b\na~~ac*c\nb~~bc*c", residuals,
  sapply(names(groups), function(g) sprintf("o_%s := %s^2/(%s^2+%s)", g, sum_of("l", groups[[g]]),
    sum_of("l", groups[[g]]), sum_of("e", groups[[g]]))),
  sprintf("true := %s^2+%s^2+%s^2+2*ab*%s*%s+2*ac*%s*%s+2*bc*%s*%s", sum_of("l", groups$a),
    sum_of("l", groups$b), sum_of("l", groups$c), sum_of("l", groups$a), sum_of("l", groups$b),
    sum_of("l", groups$a), sum_of("l", groups$c), sum_of("l", groups$b), sum_of("l", groups$c)),
  sprintf("o_index := true/(true+%s)", sum_of("e", keys))), collapse = "\n")
bifactor <- paste(c(measure("g", keys, "g"), group_lines("l"), "g~~1*g\na~~1*a\nb~~1*b\nc~~1*c",
  residuals,
  sapply(names(groups), function(k) {
    g <- sum_of("g", groups[[k]]); l <- sum_of("l", groups[[k]]); e <- sum_of("e", groups[[k]])
    sprintf("o_%s := (%s^2+%s^2)/(%s^2+%s^2+%s)\nh_%s := %s^2/(%s^2+%s^2+%s)", k, g, l, g, l, e, k, l, g, l, e)
  }),
  sprintf("own := %s^2+%s^2+%s^2", sum_of("l", groups$a), sum_of("l", groups$b), sum_of("l", groups$c)),
  sprintf("all := %s^2", sum_of("g", keys)),
  sprintf("o_index := (all+own)/(all+own+%s)\nh_index := all/(all+own+%s)", sum_of("e", keys), sum_of("e", keys))),
  collapse = "\n")
for (name in c("correlated", "bifactor")) {
  model <- get(name)
  fit <- lavaan(model, answers, estimator = "MLR", cluster = "centre", auto.var = FALSE,
                orthogonal = name == "bifactor", meanstructure = TRUE, int.ov.free = TRUE)
  told <- parameterEstimates(fit); told <- told[grepl("^[oh]_", told$lhs) & told$op == ":=", ]
  kind <- c(o = "omega_total", h = "omega_hierarchical")[substr(told$lhs, 1, 1)]
  rows <- c(rows, list(row(name, substring(told$lhs, 3), unname(kind), told$est, told$se)))
}
write(do.call(rbind, rows), "omegas")

# Nine tests of Holzinger and Swineford: Schmid and Leiman's loadings, and psych's omegas from them.
nine <- cor(HolzingerSwineford1939[paste0("x", 1:9)])
found <- omega(nine, 3, fm = "minres", rotate = "oblimin", plot = FALSE)
loadings <- found$schmid$sl[, 1:4]
write(data.frame(indicator = rownames(loadings), unclass(loadings)), "omegas_hs_loadings")
write(rbind(data.frame(statistic = "omega_hierarchical", group = "index", value = found$omega_h),
            data.frame(statistic = "one_minus_uniqueness", group = "index", value = found$omega.tot)), "omegas_hs")
record_versions("psych", "lavaan", "GPArotation")
