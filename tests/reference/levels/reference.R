# Reference values for tests/factors/levels, made by base R, lme4, lavaan, psych and GPArotation.
# Run from this folder: Rscript reference.R
suppressPackageStartupMessages({library(lme4); library(lavaan); library(psych)
  library(GPArotation)})
options(digits = 17, warn = -1, mc.cores = 1)
write <- function(x, name) write.csv(x, paste0(name, ".csv"), row.names = FALSE, quote = FALSE)
balanced <- read.csv("balanced.csv"); gaps <- read.csv("gaps.csv")
items <- names(balanced)[-1]
pairs <- t(combn(6, 2)); pairs <- rbind(cbind(1:6, 1:6), pairs)

# Sums of squares and products by MANOVA of those who answered both, pair by pair.
levels_of <- function(data) do.call(rbind, apply(pairs, 1, function(p) {
  both <- na.omit(data.frame(centre = data$centre, x = data[[items[p[1]]]],
                             y = data[[items[p[2]]]]))
  both$y <- if (p[1] == p[2]) both$y + rnorm(nrow(both)) else both$y   # a full rank for MANOVA
  ss <- summary(manova(cbind(x, y) ~ centre, both), tol = 0)$SS
  cell <- if (p[1] == p[2]) c(1, 1) else c(1, 2)
  sizes <- table(both$centre); N <- sum(sizes); C <- length(sizes)
  within <- ss$Residuals[cell[1], cell[2]] / (N - C)
  n0 <- (N - sum(sizes^2) / N) / (C - 1)
  data.frame(indicator = items[p[1]], other = items[p[2]], within = within,
             between = (ss$centre[cell[1], cell[2]] / (C - 1) - within) / n0, size = n0)
}, simplify = FALSE))
set.seed(1)
write(levels_of(balanced), "balanced_levels")
write(levels_of(gaps), "gaps_levels")

# REML of lme4 on balanced data: variances, and covariances through sums of two questions.
components <- function(y) {
  frame <- data.frame(y = y, centre = factor(balanced$centre))
  # lme4 stops about 1e-6 from the optimum; its own criterion is minimised closely in one dimension.
  criterion <- lmer(y ~ 1 + (1 | centre), frame, devFunOnly = TRUE)
  theta <- optimize(criterion, c(0, 3), tol = 1e-13)$minimum
  criterion(theta)
  solver <- environment(criterion)
  sigma2 <- (solver$resp$wrss() + solver$pp$sqrL(1)) / (nrow(frame) - 1)
  c(within = sigma2, between = theta^2 * sigma2)
}
single <- sapply(items, function(i) components(balanced[[i]]))
write(do.call(rbind, apply(pairs, 1, function(p) {
  found <- if (p[1] == p[2]) single[, p[1]] else
    (components(balanced[[items[p[1]]]] + balanced[[items[p[2]]]]) - single[, p[1]] - single[, p[2]]) / 2
  data.frame(indicator = items[p[1]], other = items[p[2]], within = found[[1]],
             between = found[[2]])
}, simplify = FALSE)), "reml")

# lavaan's two-level maximum likelihood of the unrestricted covariances, on the balanced data.
outer_text <- c(apply(pairs, 1, function(p) paste(items[p[1]], "~~", items[p[2]])))
two <- sem(paste(c("level: 1", outer_text, "level: 2", outer_text), collapse = "\n"), balanced,
           cluster = "centre", control = list(rel.tol = 1e-14), optim.force.converged = TRUE)
estimates <- parameterEstimates(two); estimates <- estimates[estimates$op == "~~", ]
write(estimates[, c("level", "lhs", "rhs", "est")], "two_level")

# Factors of each level of the data with gaps, turned to the groups.
square <- function(table, what) {
  m <- matrix(0, 6, 6)
  for (row in seq_len(nrow(table))) {
    at <- match(c(table$indicator[row], table$other[row]), items)
    m[at[1], at[2]] <- m[at[2], at[1]] <- table[[what]][row]
  }
  dimnames(m) <- list(items, items); m
}
set.seed(1); found <- levels_of(gaps)
target <- cbind(c(NA, NA, NA, 0, 0, 0), c(0, 0, 0, NA, NA, NA))
# psych's minres stops early, so its loadings are moved on along the exact gradient.
minres <- function(r, factors) {
  residual <- function(l) { d <- r - tcrossprod(matrix(l, ncol = factors)); diag(d) <- 0; d }
  fit <- list(par = as.vector(unclass(fa(r, factors, rotate = "none", fm = "minres")$loadings)))
  for (again in 1:20) fit <- optim(fit$par, function(l) sum(residual(l)^2),
    function(l) as.vector(-4 * residual(l) %*% matrix(l, ncol = factors)), method = "BFGS",
    control = list(reltol = 1e-16, maxit = 5000))
  matrix(fit$par, ncol = factors)
}
rotate <- function(l) {
  fit <- pstQ(l, W = ifelse(is.na(target), 0, 1), Target = ifelse(is.na(target), 0, target),
              eps = 1e-10, maxit = 10000)
  fit$loadings %*% diag(sign(c(sum(fit$loadings[1:3, 1]), sum(fit$loadings[4:6, 2]))))
}
patterns <- lapply(c(within = "within", between = "between"), function(what)
  rotate(minres(cov2cor(square(found, what)), 2)))
write(do.call(rbind, lapply(names(patterns), function(name) data.frame(level = name,
  indicator = items, a = patterns[[name]][, 1], b = patterns[[name]][, 2]))), "loadings")
write(data.frame(factor = c("a", "b"),
                 congruence = diag(factor.congruence(patterns$within, patterns$between,
                                                     digits = 15))), "congruence")
write(data.frame(level = rep(c("within", "between"), each = 6), position = rep(1:6, 2),
  eigenvalue = c(eigen(cov2cor(square(found, "within")))$values,
                 eigen(cov2cor(square(found, "between")))$values)), "eigenvalues")

# Confirmatory models of the covariances of each level, by unweighted least squares.
model <- list(one_factor = "general =~ a1 + a2 + a3 + b1 + b2 + b3",
              correlated = "a =~ a1 + a2 + a3\nb =~ b1 + b2 + b3")
write(do.call(rbind, lapply(c("within", "between"), function(what)
  do.call(rbind, lapply(names(model), function(name) {
    fit <- cfa(model[[name]], sample.cov = square(found, what), sample.nobs = 1000,
               sample.cov.rescale = FALSE, estimator = "ULS", std.lv = TRUE,
               control = list(rel.tol = 1e-14), optim.force.converged = TRUE)
    solution <- standardizedSolution(fit)
    data.frame(level = what, model = name, lhs = solution$lhs, op = solution$op,
               rhs = solution$rhs, est = parameterEstimates(fit)$est,
               standardised = solution$est.std, srmr = as.numeric(fitMeasures(fit, "srmr")))
  })))), "models")
writeLines(c(R.version.string, sapply(c("lme4", "lavaan", "psych", "GPArotation"),
  function(p) paste(p, packageVersion(p)))), "versions.txt")
