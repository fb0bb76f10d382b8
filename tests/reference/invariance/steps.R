# Measurement invariance by lavaan: ordinal (WLSMV, delta, Wu and Estabrook 2016, written out since
# semTools has no Debian package) and continuous (MLR). Run in this folder: Rscript steps.R
suppressPackageStartupMessages(library(lavaan))
options(digits = 15)
set.seed(42)
cuts <- c(-1.2, -0.4, 0.6)
draw <- function(n, lambda, phi, mean, sd_factor, shift) {
  root <- chol(matrix(c(1, phi, phi, 1), 2))
  f <- matrix(rnorm(2 * n), n) %*% root
  f <- sweep(sweep(f, 2, sd_factor, "*"), 2, mean, "+")
  y <- f[, rep(1:2, each = 3)] * rep(lambda, each = n) +
    matrix(rnorm(6 * n), n) %*% diag(sqrt(1 - lambda^2))
  y <- sweep(y, 2, shift, "+")
  apply(y, 2, function(x) findInterval(x, cuts) + 1)
}
lambda <- c(0.8, 0.7, 0.6, 0.75, 0.65, 0.7)
a <- draw(700, lambda, 0.5, c(0, 0), c(1, 1), rep(0, 6))
b <- draw(500, replace(lambda, 2, 0.5), 0.4, c(0.3, -0.2), c(1.2, 0.9), c(0, 0, 0.3, 0, 0, 0))
data <- data.frame(part = rep(c("a", "b"), c(700, 500)), rbind(a, b))
names(data)[-1] <- paste0("x", 1:6)
write.csv(data, "answers.csv", row.names = FALSE, quote = FALSE)

items <- paste0("x", 1:6)
both <- function(lhs, op, pattern, rhs) sprintf("%s %s %s*%s", lhs, op, pattern, rhs)
model <- function(step, free = character()) {
  lines <- character()
  owner <- rep(c("f", "g"), each = 3)
  for (i in 1:6) {
    equal <- step %in% c("metric", "scalar") && !(paste0(owner[i], "=~", items[i]) %in% free)
    lines <- c(lines, both(owner[i], "=~", if (equal) sprintf("c(l%d,l%d)", i, i) else "c(NA,NA)", items[i]))
    for (k in 1:3)
      lines <- c(lines, both(items[i], "|", if (step != "configural") sprintf("c(t%d_%d,t%d_%d)", i, k, i, k) else "c(NA,NA)", paste0("t", k)))
    lines <- c(lines, both(items[i], "~", if (step %in% c("thresholds", "metric")) "c(0,NA)" else "c(0,0)", "1"))
    lines <- c(lines, both(items[i], "~*~", if (step != "configural") "c(1,NA)" else "c(1,1)", items[i]))
  }
  variance <- if (step %in% c("metric", "scalar")) "c(1,NA)" else "c(1,1)"
  for (f in c("f", "g")) {
    lines <- c(lines, both(f, "~~", variance, f), both(f, "~", if (step == "scalar") "c(0,NA)" else "c(0,0)", "1"))
  }
  paste(c(lines, "f ~~ c(NA,NA)*g"), collapse = "\n")
}
steps <- c("configural", "thresholds", "metric", "scalar")
fits <- lapply(steps, function(s) cfa(model(s), data, ordered = items, group = "part",
                                      estimator = "WLSMV", parameterization = "delta", std.lv = TRUE))
names(fits) <- steps
wanted <- c("chisq", "df", "chisq.scaled", "pvalue.scaled", "cfi.scaled", "rmsea.scaled", "srmr", "cfi", "rmsea")
ordinal <- do.call(rbind, lapply(steps, function(s) {
  m <- fitMeasures(fits[[s]], wanted)
  data.frame(step = s, statistic = names(m), value = format(as.numeric(m), digits = 15))
}))
write.csv(ordinal, "ordinal_fit.csv", row.names = FALSE, quote = FALSE)
differences <- do.call(rbind, lapply(2:4, function(i) {
  t <- lavTestLRT(fits[[i - 1]], fits[[i]], method = "satorra.2000")
  data.frame(step = steps[i], chi2 = format(t[2, "Chisq diff"], digits = 15), df = t[2, "Df diff"],
             p = format(t[2, "Pr(>Chisq)"], digits = 15))
}))
write.csv(differences, "ordinal_differences.csv", row.names = FALSE, quote = FALSE)
estimates <- do.call(rbind, lapply(steps, function(s) {
  e <- parameterEstimates(fits[[s]], remove.nonfree = FALSE)
  data.frame(step = s, lhs = e$lhs, op = e$op, rhs = e$rhs, group = e$group,
             estimate = format(e$est, digits = 15), std_error = format(e$se, digits = 15))
}))
write.csv(estimates, "ordinal_estimates.csv", row.names = FALSE, quote = FALSE)

# Continuous answers: the same data as numbers, MLR.
linear <- "f =~ x1 + x2 + x3
           g =~ x4 + x5 + x6"
equal <- list(configural = "", metric = "loadings", scalar = c("loadings", "intercepts"))
cont <- lapply(equal, function(e) cfa(linear, data, group = "part", estimator = "MLR", std.lv = TRUE,
                                      group.equal = e))
wanted <- c("chisq", "df", "chisq.scaled", "cfi.scaled", "rmsea.scaled", "srmr", "cfi", "rmsea", "cfi.robust", "rmsea.robust")
continuous <- do.call(rbind, lapply(names(cont), function(s) {
  m <- fitMeasures(cont[[s]], wanted)
  data.frame(step = s, statistic = names(m), value = format(as.numeric(m), digits = 15))
}))
write.csv(continuous, "continuous_fit.csv", row.names = FALSE, quote = FALSE)
differences <- do.call(rbind, lapply(2:3, function(i) {
  t <- lavTestLRT(cont[[i - 1]], cont[[i]], method = "satorra.bentler.2001")
  data.frame(step = names(cont)[i], chi2 = format(t[2, "Chisq diff"], digits = 15), df = t[2, "Df diff"],
             p = format(t[2, "Pr(>Chisq)"], digits = 15))
}))
write.csv(differences, "continuous_differences.csv", row.names = FALSE, quote = FALSE)
# Score tests of the equal loadings and intercepts of the scalar model.
score <- lavTestScore(cont$scalar)$uni
table <- parTable(cont$scalar)
named <- function(label) {
  row <- table[table$plabel == label, ][1, ]
  paste0(row$lhs, row$op, row$rhs)
}
write.csv(data.frame(parameter = sapply(score$lhs, named), mi = format(score$X2, digits = 15), df = score$df),
          "continuous_scores.csv", row.names = FALSE, quote = FALSE)
writeLines(c(R.version.string, paste("lavaan", packageVersion("lavaan"))), "versions.txt")
