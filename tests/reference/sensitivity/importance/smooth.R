# Reference values for tests/sensitivity/importance: run from this folder with
#   Rscript smooth.R
# mgcv is installed. Writes smooth_input.csv
# (seeded, made up), smooth_expected.csv and smooth_versions.txt.
suppressMessages(library(mgcv))
set.seed(20261127)
n <- 90
a <- round(runif(n, 40, 95), 3)
b <- round(0.5 * a + rnorm(n, 30, 8), 3)
c <- round(sample(seq(50, 90, 5), n, TRUE), 0)
d <- round(rnorm(n, 60, 9), 3)
y <- round(20 + 0.012 * (a - 60)^2 + 0.3 * b + 4 * sin(c / 8) + rnorm(n, 0, 2), 3)
input <- data.frame(y, a, b, c, d)
write.csv(input, "smooth_input.csv", row.names = FALSE, quote = FALSE)
number <- function(x) trimws(formatC(x, digits = 15, format = "g"))
rows <- list()
for (x in c("a", "b", "c", "d")) for (k in c(5, 8)) {
  d <- data.frame(x = input[[x]], y = input$y)
  fit <- gam(y ~ s(x, bs = "cr", k = k), data = d, method = "GCV.Cp",
             control = gam.control(epsilon = 1e-12, mgcv.tol = 1e-12))
  f <- fitted(fit)
  rows[[length(rows) + 1]] <- data.frame(
    component = x, knots = k, edf = number(sum(fit$edf)), gcv = number(fit$gcv.ubre),
    importance = number(sum((f - mean(d$y))^2) / sum((d$y - mean(d$y))^2)),
    linear = number(cor(d$x, d$y)^2))
}
write.csv(do.call(rbind, rows), "smooth_expected.csv", row.names = FALSE, quote = FALSE)
writeLines(c(R.version.string, paste("mgcv", packageVersion("mgcv"))), "smooth_versions.txt")
