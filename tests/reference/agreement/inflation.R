# Reference values for tests/agreement/inflation: run from this folder with `Rscript inflation.R`.
# Writes inflation_input.csv (24 made-up regions; seeded) and inflation_expected.csv.
suppressMessages(library(metafor))

schools <- data.frame(set = "eight_schools", y = c(28, 8, -3, 7, -1, 1, 18, 12),
                      v = c(15, 10, 16, 11, 9, 11, 10, 18)^2)
set.seed(20261127)
v <- round(runif(24, 0.2, 6), 3)
regions <- data.frame(set = "regions", y = round(7 + rnorm(24, 0, 2) + rnorm(24, 0, sqrt(v)), 3), v = v)
input <- rbind(schools, regions)
write.csv(input, "inflation_input.csv", row.names = FALSE, quote = FALSE)

number <- function(x) trimws(formatC(x, digits = 15, format = "g"))
made_by <- paste("metafor", packageVersion("metafor"))
rows <- list()
add <- function(set, statistic, unit, x)
  rows[[length(rows) + 1]] <<- data.frame(set, statistic, unit, estimate = number(x), made_by)
for (set in unique(input$set)) {
  d <- input[input$set == set, ]
  fit <- function(method) rma(d$y, d$v, method = method,
                              control = list(threshold = 1e-14, maxiter = 10000, tol = 1e-14))
  for (method in c("DL", "PM", "REML", "ML")) add(set, method, 0, fit(method)$tau2)
  reml <- fit("REML")
  add(set, "mean", 0, as.numeric(reml$beta)); add(set, "mean_error", 0, reml$se)
  add(set, "Q", 0, reml$QE); add(set, "p", 0, reml$QEp)
  q <- confint(fit("PM"), control = list(tol = 1e-13, tau2.max = 1e5))$random["tau^2", ]
  add(set, "ci_low", 0, q["ci.lb"]); add(set, "ci_high", 0, q["ci.ub"])
  b <- blup(reml)
  for (i in seq_len(nrow(d))) {
    add(set, "blup", i, b$pred[i]); add(set, "blup_error", i, b$se[i])
  }
}
write.csv(do.call(rbind, rows), "inflation_expected.csv", row.names = FALSE, quote = FALSE)
