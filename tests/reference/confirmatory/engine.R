# Fits of tests/factors/confirmatory/test_estimate.py by lavaan. Run from this folder:
#   Rscript engine.R
# Needs ../models/ordinal.csv (600 ordinal answers) and Holzinger and Swineford's data beside the
# project.
suppressPackageStartupMessages(library(lavaan))
options(digits = 17)
hs <- read.csv("../../../../shared/reference/data/holzinger_swineford_1939.csv")
hs <- hs[, paste0("x", 1:9)]
ordinal <- read.csv("../models/ordinal.csv")
set.seed(7)
# Continuous answers of 60 centres of 5 to 15 respondents, with centre effects and skewed errors.
size <- sample(5:15, 60, replace = TRUE)
centre <- rep(seq_along(size), size); n <- length(centre)
f <- rnorm(60, 0, 0.5)[centre] + rnorm(n, 0, 0.9)
g <- 0.5 * f + rnorm(60, 0, 0.4)[centre] + rnorm(n, 0, 0.7)
answer <- function(factor, loading) round(loading * factor + (rexp(n) - 1) * 0.7, 4)
clustered <- data.frame(centre = centre, y1 = answer(f, .9), y2 = answer(f, .7), y3 = answer(f, .8),
                        y4 = answer(g, .9), y5 = answer(g, .6), y6 = answer(g, .8))
write.csv(clustered, "clustered.csv", row.names = FALSE, quote = FALSE)

nine <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
bifactor <- paste("general =~ x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9", nine, sep = "\n")
two <- "a =~ a1 + a2 + a3 + a4\nb =~ b1 + b2 + b3 + b4"
six <- "f =~ y1 + y2 + y3\ng =~ y4 + y5 + y6"
close <- list(control = list(rel.tol = 1e-14, x.tol = 1e-14), optim.force.converged = TRUE)
fit <- function(...) suppressWarnings(do.call("cfa", c(list(...), close)))
fits <- list(
  ml = fit(nine, hs, std.lv = TRUE),
  mlr = fit(nine, hs, std.lv = TRUE, estimator = "MLR"),
  marker = fit(nine, hs, estimator = "MLR"),
  uls = fit(nine, hs, std.lv = TRUE, estimator = "ULS"),
  wlsmv = fit(two, ordinal, ordered = names(ordinal), std.lv = TRUE, estimator = "WLSMV"),
  ulsmv = fit(two, ordinal, ordered = names(ordinal), std.lv = TRUE, estimator = "ULSMV"),
  clustered = fit(six, clustered, std.lv = TRUE, estimator = "MLR", cluster = "centre"),
  unclustered = fit(six, clustered, std.lv = TRUE, estimator = "MLR"))
stack <- function(make) do.call(rbind, lapply(names(fits), function(name)
  data.frame(case = name, make(fits[[name]]))))
measures <- function(x) {
  m <- fitMeasures(x); data.frame(statistic = names(m), value = format(as.numeric(m), digits = 15))
}
estimates <- function(x) {
  e <- parameterEstimates(x); e <- e[e$op %in% c("=~", "~~"), ]
  data.frame(lhs = e$lhs, op = e$op, rhs = e$rhs, estimate = format(e$est, digits = 15),
             std_error = format(e$se, digits = 15))
}
write.csv(stack(measures), "measures.csv", row.names = FALSE, quote = FALSE)
write.csv(stack(estimates), "estimates.csv", row.names = FALSE, quote = FALSE)
writeLines(c(R.version.string, paste("lavaan", packageVersion("lavaan"))), "versions.txt")
