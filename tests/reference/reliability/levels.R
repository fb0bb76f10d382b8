# Reference values for tests/reliability/centres/test_against_peers.py: multilevel, lme4 and lavaan on
# unequal centres (answers.csv), equal centres (balanced.csv) and data of the world (hs.csv, which is
# lavaan::HolzingerSwineford1939 with pupils of one school and age in years as a cluster).
# Run from this folder: Rscript levels.R
suppressPackageStartupMessages({library(lme4); library(multilevel); library(psych); library(lavaan)})
options(digits = 17, warn = -1, mc.cores = 1)
source("write.R")
answers <- read.csv("answers.csv"); answers$a3 <- 6 - answers$a3
balanced <- read.csv("balanced.csv")
hs <- data.frame(cluster = with(HolzingerSwineford1939, paste(school, ageyr)),
                 HolzingerSwineford1939[paste0("x", 1:9)])
write(hs, "hs")
points <- function(x) rowMeans(25 * (x - 1))
data <- list(a = data.frame(answers[c("centre", "region")], y = points(answers[paste0("a", 1:5)])),
             b = data.frame(answers[c("centre", "region")], y = points(answers[paste0("b", 1:4)])),
             c = data.frame(answers[c("centre", "region")], y = points(answers[paste0("c", 1:6)])),
             d = data.frame(balanced[c("centre", "region")], y = points(balanced[paste0("d", 1:4)])),
             hs = data.frame(centre = hs$cluster, region = NA, y = rowMeans(hs[paste0("x", 1:9)])),
             textual = data.frame(centre = hs$cluster, region = NA, y = rowMeans(hs[paste0("x", 4:6)])))

# One-way analysis of variance, and what multilevel makes of it. ICC1 takes the arithmetic mean size.
one_way <- function(d) {
  fit <- aov(y ~ factor(centre), d); mixed <- mult.icc(data.frame(y = d$y, y2 = d$y), d$centre)
  n <- table(d$centre)
  c(icc1 = ICC1(fit), icc2 = ICC2(fit), mult_icc1 = mixed$ICC1[1], mult_icc2 = mixed$ICC2[1],
    mean_size = (sum(n) - sum(n^2) / sum(n)) / (length(n) - 1), arithmetic_size = mean(n))
}
# The restricted deviance of lme4 as a function of theta, the root of the ratio of variances: its
# minimum, and where it has risen by the quantile of chi-square (confint.merMod profiles another
# likelihood, that of ML).
rise <- qchisq(0.95, 1)
cross <- function(f, from, to) {
  if (f(from) * f(to) > 0) return(NA)
  uniroot(f, c(from, to), tol = 1e-13)$root
}
two_levels <- function(d) {
  deviance <- lmer(y ~ 1 + (1 | centre), d, devFunOnly = TRUE)
  best <- optimize(deviance, c(0, 4), tol = 1e-12); inside <- function(t) deviance(t) - best$objective - rise
  fit <- lmer(y ~ 1 + (1 | centre), d, control = lmerControl(optimizer = "bobyqa",
    optCtrl = list(rhoend = 1e-12, maxfun = 1e5), calc.derivs = FALSE, check.conv.singular = "ignore"))
  s2 <- sigma(fit)^2; tau2 <- as.data.frame(VarCorr(fit))$vcov[1]
  # The deviance before the variance of respondents is profiled out, for an interval of tau^2 itself.
  inner <- environment(deviance); free <- nrow(d) - 1
  full <- function(tau2, s2) {
    value <- deviance(sqrt(tau2 / s2)); pwrss <- inner$resp$wrss() + inner$pp$sqrL(1)
    value - free * (1 + log(2 * pi * pwrss / free)) + free * log(2 * pi * s2) + pwrss / s2
  }
  own <- function(t) optimize(function(s) full(t, s), s2 * c(0.5, 2), tol = 1e-10)$objective - best$objective - rise
  c(reml_between = tau2, reml_within = s2, ratio_low = cross(inside, 0, best$minimum)^2,
    ratio_high = cross(inside, best$minimum, 6)^2,
    between_low = cross(own, tau2 * 1e-6, tau2), between_high = cross(own, tau2, tau2 * 60))
}
# Centres in regions: theta of centres, then of regions.
three_levels <- function(d) {
  deviance <- lmer(y ~ 1 + (1 | region / centre), d, devFunOnly = TRUE)
  along <- function(f, to = 4) optimize(f, c(0, to), tol = 1e-9)
  tries <- lapply(list(c(.3, .3), c(.5, .05), c(.05, .5)), function(s) optim(s, function(t) deviance(abs(t)),
    method = "Nelder-Mead", control = list(reltol = 1e-15, maxit = 5000)))
  found <- tries[[which.min(sapply(tries, `[[`, "value"))]]; theta <- abs(found$par)
  limit <- found$value + rise
  centre <- function(t) along(function(u) deviance(c(t, u)))$objective - limit
  region <- function(t) along(function(u) deviance(c(u, t)))$objective - limit
  ratio <- c(1, theta^2); shares <- ratio / sum(ratio)
  # A component has a share; the two others divide the rest as the likelihood likes it best.
  divide <- function(position) function(share) {
    f <- function(u) { p <- append((1 - share) * c(u, 1 - u), share, position - 1); deviance(sqrt(p[-1] / p[1])) }
    optimize(f, c(1e-9, 1 - 1e-9), tol = 1e-9)$objective - limit
  }
  ends <- unlist(lapply(1:3, function(i) c(cross(divide(i), 1e-6, shares[i]), cross(divide(i), shares[i], 1 - 1e-6))))
  c(nested_centre = theta[1]^2, nested_region = theta[2]^2,
    nested_centre_low = cross(centre, 0, theta[1])^2, nested_centre_high = cross(centre, theta[1], 4)^2,
    nested_region_low = cross(region, 0, theta[2])^2, nested_region_high = cross(region, theta[2], 4)^2,
    setNames(ends, c("share_respondent_low", "share_respondent_high", "share_centre_low",
                     "share_centre_high", "share_region_low", "share_region_high")))
}
rows <- do.call(rbind, lapply(names(data), function(name) {
  d <- data[[name]]
  found <- c(one_way(d), two_levels(d), if (!anyNA(d$region)) three_levels(d))
  data.frame(data = name, statistic = names(found), value = unname(found))
}))

# Equal centres: psych's intervals, and lavaan's model of one factor inside and one between centres.
wide <- do.call(rbind, tapply(data$d$y, data$d$centre, identity))
icc <- ICC(wide, lmer = FALSE)$results
keys <- paste0("d", 1:4)
fit <- cfa(paste0("level: 1\nw =~ NA*d1+d2+d3+d4\nw~~1*w\nlevel: 2\nb =~ NA*d1+d2+d3+d4\nb~~1*b"), balanced,
           cluster = "centre", h1 = TRUE, control = list(rel.tol = 1e-14), optim.force.converged = TRUE)
saturated <- lavInspect(fit, "h1"); implied <- lavInspect(fit, "implied"); est <- lavInspect(fit, "est")
omega <- function(l, t) sum(l)^2 / (sum(l)^2 + sum(diag(t)))
alpha <- function(S) nrow(S) / (nrow(S) - 1) * (1 - sum(diag(S)) / sum(S))
found <- c(psych_icc1 = icc$ICC[1], psych_icc1_low = icc[["lower bound"]][1], psych_icc1_high = icc[["upper bound"]][1],
           psych_icc2 = icc$ICC[4], psych_icc2_low = icc[["lower bound"]][4], psych_icc2_high = icc[["upper bound"]][4],
           alpha_within = alpha(saturated$within$cov), alpha_between = alpha(saturated$centre$cov),
           omega_within = omega(est$within$lambda, est$within$theta),
           omega_between = omega(est$centre$lambda, est$centre$theta))
rows <- rbind(rows, data.frame(data = "d", statistic = names(found), value = unname(found)))
write(rows, "levels")
at <- expand.grid(row = 1:4, column = 1:4)
tell <- function(S, what, level) data.frame(matrix = what, level, at, value = as.vector(unclass(S)))
write(rbind(tell(saturated$within$cov, "saturated", "within"), tell(saturated$centre$cov, "saturated", "between"),
            tell(implied$within$cov, "one_factor", "within"), tell(implied$centre$cov, "one_factor", "between")),
      "levels_covariances")
record_versions("lme4", "multilevel", "psych", "lavaan", "nlme")
