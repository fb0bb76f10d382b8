# Reference values for tests/factors/validity, made by lavaan, semTools and psych from the answers
# of ../number (800 respondents to 20 questions in five groups). Run from this folder:
#   Rscript reference.R
suppressPackageStartupMessages({library(lavaan); library(semTools); library(psych)})
options(digits = 17, warn = -1, mc.cores = 1)
write <- function(x, name) write.csv(x, paste0(name, ".csv"), row.names = FALSE, quote = FALSE)
answers <- read.csv("../number/answers.csv")[, -1]
groups <- letters[1:5]
items <- lapply(groups, function(g) paste0(g, 1:4)); names(items) <- groups
pairs <- combn(groups, 2)
# lavaan stops 1e-6 from the optimum by default.
close <- list(rel.tol = 1e-14, x.tol = 1e-14)
sum_of <- function(x) paste0("(", paste(x, collapse = " + "), ")")
label <- function(prefix, keys) paste0(prefix, keys)
measure <- function(factor, keys, prefix) paste0(
  factor, " =~ ", paste0(label(prefix, keys), "*", keys, collapse = " + "))

# Five correlated factors: what each extracts, by definitions with standard errors by the delta rule.
own <- unlist(lapply(groups, function(g) measure(g, items[[g]], "l_")))
phi <- apply(pairs, 2, function(p) sprintf("%s ~~ r_%s_%s*%s", p[1], p[1], p[2], p[2]))
squares <- function(prefix, keys) paste0(label(prefix, keys), "^2")
told <- unlist(lapply(groups, function(g) {
  l <- label("l_", items[[g]])
  c(sprintf("ave_%s := %s / 4", g, sum_of(paste0(l, "^2"))),
    sprintf("composite_reliability_%s := %s^2 / (%s^2 + 4 - %s)", g, sum_of(l), sum_of(l),
            sum_of(paste0(l, "^2"))))
}))
shared <- apply(pairs, 2, function(p) sprintf("shared_%s_%s := r_%s_%s^2", p[1], p[2], p[1], p[2]))
run <- function(model, ...) cfa(paste(model, collapse = "\n"), answers, ordered = TRUE,
  estimator = "WLSMV", std.lv = TRUE, control = close, optim.force.converged = TRUE, ...)
correlated <- run(c(own, phi, told, shared))

# A general factor beside the groups.
everybody <- unlist(items)
general <- measure("general", everybody, "g_")
beside <- unlist(lapply(groups, function(g) measure(g, items[[g]], "s_")))
g_all <- sum_of(label("g_", everybody)); g_squares <- sum_of(squares("g_", everybody))
s_squares <- sum_of(squares("s_", everybody))
s_sums <- sum_of(sapply(groups, function(g) paste0(sum_of(label("s_", items[[g]])), "^2")))
omegas <- c(
  sprintf("ecv := %s / (%s + %s)", g_squares, g_squares, s_squares),
  sprintf("true := %s^2 + %s", g_all, s_sums),
  sprintf("variance := true + 20 - %s - %s", g_squares, s_squares),
  "omega_total := true / variance",
  sprintf("omega_hierarchical := %s^2 / variance", g_all),
  sprintf("relative_omega := %s^2 / true", g_all),
  unlist(lapply(groups, function(g) {
    gs <- sum_of(label("g_", items[[g]])); ss <- sum_of(label("s_", items[[g]]))
    g2 <- sum_of(squares("g_", items[[g]])); s2 <- sum_of(squares("s_", items[[g]]))
    c(sprintf("v_%s := %s^2 + %s^2 + 4 - %s - %s", g, gs, ss, g2, s2),
      sprintf("omega_subscale_%s := (%s^2 + %s^2) / v_%s", g, gs, ss, g),
      sprintf("omega_hierarchical_subscale_%s := %s^2 / v_%s", g, ss, g),
      sprintf("ecv_group_%s := %s / (%s + %s)", g, s2, g2, s2))
  })))
bifactor <- run(c(general, beside, omegas), orthogonal = TRUE)
define <- function(fit) {
  table <- parameterEstimates(fit)
  table[table$op %in% c(":=", "~~") & table$label != "" , c("label", "est", "se")]
}
write(rbind(define(correlated), define(bifactor)), "defined")

# The same by packages made for it.
poly <- unclass(lavInspect(correlated, "sampstat")$cov)
write(as.data.frame(poly), "polychoric")
model <- paste(unlist(lapply(groups, function(g)
  paste0(g, " =~ ", paste(items[[g]], collapse = " + ")))), collapse = "\n")
upper <- function(m) apply(pairs, 2, function(p) m[p[2], p[1]])
plain <- htmt(model, sample.cov = poly, htmt2 = FALSE)
geometric <- htmt(model, sample.cov = poly, htmt2 = TRUE)
write(data.frame(group = pairs[1, ], other = pairs[2, ], htmt = upper(plain),
                 htmt2 = upper(geometric)), "htmt")
found <- omegaFromSem(bifactor, plot = FALSE)
semtools <- AVE(correlated)
reliability <- compRelSEM(correlated, ord.scale = FALSE, obs.var = FALSE)
write(data.frame(statistic = c("omega_hierarchical", "omega_total",
                               paste0("omega_subscale_", groups),
                               paste0("omega_hierarchical_subscale_", groups),
                               paste0("ave_", groups), paste0("composite_reliability_", groups)),
                 value = c(found$omega, found$omega.tot, found$omega.group$total[-1],
                           found$omega.group$group[-1], unname(semtools[groups]),
                           unname(reliability[groups]))), "packages")
writeLines(c(R.version.string, sapply(c("lavaan", "semTools", "psych"),
  function(p) paste(p, packageVersion(p)))), "versions.txt")
