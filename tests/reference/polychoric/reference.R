# Reference values for tests/factors/polychoric, made by lavaan, psych, polycor and MASS.
# Run from this folder: Rscript reference.R
suppressPackageStartupMessages({library(lavaan); library(psych); library(polycor)})
options(digits = 17, warn = -1, mc.cores = 1)
write <- function(x, name) write.csv(x, paste0(name, ".csv"), row.names = FALSE, quote = FALSE)
answers <- read.csv("answers.csv")
five <- c("f1", "f2", "f3", "f4"); two <- c("y1", "y2", "y3"); items <- c(five, two)
x <- answers[items]
x$f4 <- 6 - x$f4                     # worded the other way
where <- which(upper.tri(diag(7)), arr.ind = TRUE)
where <- where[order(where[, 1], where[, 2]), ]

# Everybody who answered both stands behind a correlation; thresholds come from all who answered.
pairwise <- unclass(lavCor(x, ordered = items, missing = "pairwise", zero.add = c(0, 0),
                           output = "cor"))
psych_r <- matrix(NA, 7, 7)
psych_r[1:4, 1:4] <- polychoric(x[five], correct = 0)$rho
psych_r[5:7, 5:7] <- tetrachoric(x[two] - 1, correct = 0)$rho
# polycor's simplex stops up to 1e-3 from the maximum (the likelihood it returns is lower), so the
# likelihood with its cell probabilities is climbed on by gradients. `outer` is the error from
# products of the scores of respondents, `hessian` that of polycor.
climb <- function(table, at) {
  rows <- nrow(table) - 1; columns <- ncol(table) - 1
  cells <- function(at) log(polycor:::binBvn(at[1], at[2:(rows + 1)],
                                             at[(rows + 2):(rows + columns + 1)]))
  fit <- list(par = at)
  ordered <- function(at) abs(at[1]) < 1 && all(diff(at[2:(rows + 1)]) > 0) &&
    all(diff(at[(rows + 2):(rows + columns + 1)]) > 0)
  loss <- function(at) if (ordered(at)) -sum(table * cells(at)) else 1e10
  for (again in 1:3) fit <- optim(fit$par, loss, method = "BFGS",
    control = list(reltol = 1e-16, maxit = 1000, ndeps = rep(1e-6, length(at))))
  scores <- sapply(seq_along(at), function(i) {
    step <- replace(0 * at, i, 1e-5)
    c(cells(fit$par + step) - cells(fit$par - step)) / 2e-5
  })
  c(fit$par[1], sqrt(solve(crossprod(scores * sqrt(c(table))))[1, 1]))
}
full <- apply(where, 1, function(w) {
  table <- table(x[[w[1]]], x[[w[2]]])
  fit <- polychor(table, ML = TRUE, std.err = TRUE)
  c(fit$rho, sqrt(fit$var[1, 1]), climb(table, c(fit$rho, fit$row.cuts, fit$col.cuts)))
})
write(data.frame(indicator = items[where[, 1]], other = items[where[, 2]],
                 lavaan = pairwise[where], psych = psych_r[where],
                 polycor = full[1, ], hessian = full[2, ], full_ml = full[3, ], outer = full[4, ]),
      "pairs")

# Standard errors for independent respondents, from those who answered everything: lavaan's
# asymptotic covariance matrix of thresholds, the covariate's moments and correlations.
complete <- na.omit(cbind(x, age = answers$age))
model <- paste(c(outer(items, items, function(a, b) paste(a, "~~", b))[upper.tri(diag(7))],
                 paste("age ~~", items)), collapse = "\n")
fit <- lavaan(model, complete, ordered = items, auto.var = TRUE, auto.th = TRUE,
              meanstructure = TRUE, estimator = "WLSMV", int.ov.free = TRUE,
              parameterization = "delta", fixed.x = FALSE)
standard <- standardizedSolution(fit)
gamma <- lavInspect(fit, "gamma") / nrow(complete)
labels <- rownames(gamma)
write(data.frame(statistic = labels, variance = diag(gamma)), "variances")
pick <- standard$op == "~~" & standard$lhs != standard$rhs
write(data.frame(lhs = standard$lhs[pick], rhs = standard$rhs[pick],
                 estimate = standard$est.std[pick], std_error = standard$se[pick]), "complete")

# The same table with an empty cell, without and with lavaan's default additions.
small <- data.frame(a = rep(c(1, 1, 2), c(25, 15, 40)), b = rep(c(1, 2, 2), c(25, 15, 40)))
added <- function(zero) lavCor(small, ordered = c("a", "b"), zero.add = zero, output = "cor")[1, 2]
counts <- function(size) {
  table <- matrix(c(20, 9, 0, 7, 30, 8, 0, 11, 25), 3)   # columns of the three-by-three table
  as.data.frame(which(table >= 0, arr.ind = TRUE))[rep(seq_len(9), table), ]
}
larger <- counts(3); names(larger) <- c("a", "b")
write(data.frame(
  case = c("two_by_two_half", "three_half", "three_none", "psych_two_by_two_half"),
  estimate = c(added(c(0.5, 0)),
    lavCor(larger, ordered = c("a", "b"), zero.add = c(0.5, 0.5), zero.keep.margins = FALSE,
           output = "cor")[1, 2],
    lavCor(larger, ordered = c("a", "b"), zero.add = c(0, 0), output = "cor")[1, 2],
    tetrachoric(table(small$a, small$b), correct = 0.5)$rho)), "zero_cells")

# A matrix whose pairs contradict each other.
wild <- matrix(c(1, .9, .8, -.3, .9, 1, .2, .4, .8, .2, 1, .5, -.3, .4, .5, 1), 4)
write(as.data.frame(cor.smooth(wild)), "smoothed")

# A covariate with every item: those who gave both.
serial <- function(item) {
  both <- na.omit(data.frame(x = answers$age, y = x[[item]]))
  n <- nrow(both)
  step <- polyserial(both$x, both$y)
  ml <- polyserial(both$x, both$y, ML = TRUE, std.err = TRUE, control = list(reltol = 1e-15, maxit = 1e6))
  z <- (both$x - mean(both$x)) / sqrt(mean((both$x - mean(both$x))^2))
  probit <- if (length(unique(both$y)) > 2) {
    MASS::polr(factor(y) ~ z, data = data.frame(y = both$y, z = z), method = "probit",
               control = list(reltol = 1e-15, maxit = 1e6))$coefficients
  } else coef(glm(I(y - 1) ~ z, family = binomial("probit"), data = data.frame(y = both$y, z = z),
                  control = list(epsilon = 1e-15)))[2]
  data.frame(indicator = item, n = n, two_step = unname(step), ml = unname(ml$rho),
             probit = unname(probit / sqrt(1 + probit^2)),
             lavaan = lavCor(both, ordered = "y", output = "cor")[1, 2],
             psych = psych::polyserial(matrix(both$x), matrix(both$y))[1, 1])
}
write(do.call(rbind, lapply(items, serial)), "serial")
writeLines(c(R.version.string, sapply(c("lavaan", "psych", "polycor", "MASS"),
  function(p) paste(p, packageVersion(p)))), "versions.txt")
