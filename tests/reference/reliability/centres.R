# Reference values for tests/reliability/centres, made by lme4, multilevel, psych and metafor.
# Scores are in points: 25 (answer - 1), averaged over the indicators of a group.
# Run from this folder: Rscript centres.R
suppressPackageStartupMessages({library(lme4); library(multilevel); library(psych); library(metafor)})
options(digits = 17, warn = -1)
source("write.R")
source("one_factor.R")
answers <- read.csv("answers.csv"); answers$a3 <- 6 - answers$a3
groups <- list(a = paste0("a", 1:5), b = paste0("b", 1:4), c = paste0("c", 1:6))
exact <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-12, maxfun = 1e5),
                     calc.derivs = FALSE, check.conv.singular = "ignore")
variances <- function(fit) {
  found <- as.data.frame(VarCorr(fit)); setNames(found$vcov, found$grp)
}
one_way <- function(d) {
  table <- summary(aov(y ~ factor(centre), d))[[1]]
  n <- table(d$centre)
  size <- (sum(n) - sum(n^2) / sum(n)) / (length(n) - 1)
  fit <- variances(lmer(y ~ 1 + (1 | centre), d, control = exact))
  nested <- variances(lmer(y ~ 1 + (1 | region/centre), d, control = exact))
  c(mean_square_between = table[1, 3], mean_square_within = table[2, 3], mean_size = size,
    multilevel_icc1 = ICC1(aov(y ~ factor(centre), d)), multilevel_icc2 = ICC2(aov(y ~ factor(centre), d)),
    reml_between = fit[["centre"]], reml_within = fit[["Residual"]],
    nested_centre = nested[["centre:region"]], nested_region = nested[["region"]],
    nested_within = nested[["Residual"]])
}
# The mean squares of centres and known variances: intervals of meta-analysis, by inverting
# the generalised Q statistic and by the profile of the restricted likelihood.
meta <- function(d) {
  m <- as.vector(tapply(d$y, d$centre, mean)); n <- as.vector(tapply(d$y, d$centre, length))
  s2 <- summary(aov(y ~ factor(centre), d))[[1]][2, 3]
  q <- confint(rma(m, s2 / n, method = "PM", control = list(tol = 1e-12)), control = list(tol = 1e-12))$random
  fit <- rma.mv(m, s2 / n, random = ~ 1 | seq_along(m), control = list(optimizer = "optim", optmethod = "BFGS", reltol = 1e-14))
  p <- confint(fit, control = list(tol = 1e-10))$random
  c(q_low = q[1, 2], q_high = q[1, 3], meta_reml = p[1, 1], profile_low = p[1, 2], profile_high = p[1, 3])
}
# Five respondents of every centre: balanced, so that ANOVA is exact.
balanced <- function(d) {
  d <- d[ave(seq_len(nrow(d)), d$centre, FUN = seq_along) <= 5, ]
  wide <- do.call(rbind, tapply(d$y, d$centre, identity))
  found <- ICC(wide, lmer = FALSE)$results
  c(balanced_icc1 = found$ICC[1], balanced_icc1_low = found[["lower bound"]][1],
    balanced_icc1_high = found[["upper bound"]][1], balanced_icc2 = found$ICC[4],
    balanced_icc2_low = found[["lower bound"]][4], balanced_icc2_high = found[["upper bound"]][4])
}
# Indicators crossed with respondents nested in centres (balanced).
g_study <- function(keys) {
  d <- answers[ave(seq_len(nrow(answers)), answers$centre, FUN = seq_along) <= 5, ]
  long <- data.frame(centre = rep(d$centre, length(keys)), who = rep(seq_len(nrow(d)), length(keys)),
                     item = rep(keys, each = nrow(d)), y = unlist(25 * (d[keys] - 1)))
  fit <- lmer(y ~ 1 + (1 | centre) + (1 | item) + (1 | centre:item) + (1 | centre:who), long, control = exact)
  v <- variances(fit)
  c(g_centre = v[["centre"]], g_item = v[["item"]], g_centre_item = v[["centre:item"]],
    g_respondent = v[["centre:who"]], g_residual = v[["Residual"]])
}
# Covariances within and between centres by MANOVA; psych's alpha of both.
levels <- function(keys) {
  x <- as.matrix(answers[keys]); centre <- factor(answers$centre); n <- table(centre)
  found <- summary(manova(x ~ centre))$SS
  within <- found$Residuals / (nrow(x) - length(n))
  size <- (sum(n) - sum(n^2) / sum(n)) / (length(n) - 1)
  between <- (found$centre / (length(n) - 1) - within) / size
  e <- eigen(between)
  bent <- e$vectors %*% diag(pmax(e$values, 1e-4 * e$values[1])) %*% t(e$vectors)
  alpha <- function(S) psych::alpha(S, warnings = FALSE, n.iter = 1)$total$raw_alpha
  omega <- function(S) {
    l <- one_factor(cov2cor(S)); s <- sqrt(diag(S))
    sum(l * s)^2 / (sum(l * s)^2 + sum(s^2 * (1 - l^2)))
  }
  c(alpha_within = alpha(within), omega_within = omega(within),
    alpha_unbent = alpha(between), alpha_between = alpha(bent))
}
write(do.call(rbind, lapply(names(groups), function(name) {
  d <- data.frame(centre = answers$centre, region = answers$region,
                  y = rowMeans(25 * (answers[groups[[name]]] - 1)))
  rows <- c(one_way(d), meta(d), balanced(d), g_study(groups[[name]]), levels(groups[[name]]))
  data.frame(data = name, statistic = names(rows), value = unname(rows))
})), "centres")
record_versions("lme4", "multilevel", "psych", "metafor")
