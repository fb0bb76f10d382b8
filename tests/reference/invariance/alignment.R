# Alignment of one factor written from the formulas of Asparouhov and Muthen (2014), minimised by
# optim() from many starts: a second implementation, since no Debian package has one.
# Run in this folder: Rscript alignment.R
set.seed(20260101)
parts <- 6; items <- 5
mean_true <- c(0, 0.4, -0.3, 0.2, -0.5, 0.1)
sd_true <- c(1, 1.2, 0.9, 0.8, 1.1, 1.0)
loading <- c(0.8, 0.7, 0.6, 0.75, 0.65); intercept <- c(3.8, 4.0, 3.5, 3.9, 4.1)
n <- c(400, 250, 300, 500, 220, 350)
l <- outer(sd_true, loading) + matrix(rnorm(parts * items, 0, 0.02), parts)
v <- matrix(intercept, parts, items, byrow = TRUE) + outer(mean_true, loading) +
  matrix(rnorm(parts * items, 0, 0.02), parts)
v[3, 2] <- v[3, 2] + 0.4; l[5, 4] <- l[5, 4] - 0.25

loss <- function(x) {
  a <- c(0, x[1:(parts - 1)]); s <- exp(c(0, x[parts:(2 * parts - 2)]))
  l1 <- l / s; v1 <- v - a * l1
  total <- 0
  for (g in 1:(parts - 1)) for (h in (g + 1):parts) {
    w <- sqrt(n[g] * n[h]) / mean(n)
    total <- total + w * sum(((l1[g, ] - l1[h, ])^2 + 0.01)^0.25 +
                             ((v1[g, ] - v1[h, ])^2 + 0.01)^0.25)
  }
  total
}
best <- NULL
for (start in 1:40) {
  x0 <- if (start == 1) rep(0, 2 * parts - 2) else rnorm(2 * parts - 2, 0, 0.4)
  fit <- optim(x0, loss, method = "BFGS", control = list(reltol = 1e-15, maxit = 5000))
  fit <- optim(fit$par, loss, method = "BFGS", control = list(reltol = 1e-16, maxit = 5000))
  if (is.null(best) || fit$value < best$value) best <- fit
}
digits <- function(x) format(x, digits = 15)
write.csv(data.frame(part = rep(1:parts, items), item = rep(1:items, each = parts), n = rep(n, items),
                     loading = digits(as.vector(l)), intercept = digits(as.vector(v))),
          "configural.csv", row.names = FALSE, quote = FALSE)
write.csv(data.frame(part = 1:parts, mean = digits(c(0, best$par[1:(parts - 1)])),
                     sd = digits(exp(c(0, best$par[parts:(2 * parts - 2)]))),
                     value = digits(best$value)),
          "aligned.csv", row.names = FALSE, quote = FALSE)
writeLines(R.version.string, "versions.txt")
