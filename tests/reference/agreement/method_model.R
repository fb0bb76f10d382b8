# Reference values for tests/agreement/test_method_model.py: run from this folder with
# `Rscript method_model.R`. Writes method_model_input.csv (180 made-up centres of 6 regions; seeded)
# and method_model_expected.csv: lavaan's ULS estimates of the CT-C(M-1) model.
# Covariances are pooled within regions; "removed" are less a sampling covariance that is the same
# in all centres: 4 for variances, 2.5 for covariances. Measures are divided by the standard
# deviations before it is taken out.
suppressMessages(library(lavaan))

set.seed(20261128)
keys <- c("a", "b", "c", "d", "e")
regions <- rep(1:6, c(20, 25, 30, 30, 35, 40))
n <- length(regions)
normal <- function(columns) matrix(rnorm(n * columns), n)
common <- rnorm(n)
traits <- sqrt(0.5) * common + sqrt(0.5) * normal(2)
method <- rnorm(n)
own <- normal(5)
group <- c(1, 1, 1, 2, 2)
shift <- matrix(rnorm(60, 0, 4), 6)[regions, ]
error <- sqrt(2.5) * rnorm(n) + sqrt(1.5) * normal(5)
survey <- traits[, group] %*% diag(c(7, 6, 5, 7, 6)) + 2 * own + 2 * normal(5) + error
checklist <- traits[, group] %*% diag(c(9, 8, 6, 7, 9)) + method %*% t(c(10, 8, 9, 7, 8)) +
  4 * own + 9 * normal(5)
data <- data.frame(region = regions, round(70 + survey + shift[, 1:5], 3),
                   round(80 + checklist + shift[, 6:10], 3))
names(data) <- c("region", paste0("survey_", keys), paste0("checklist_", keys))
write.csv(data, "method_model_input.csv", row.names = FALSE, quote = FALSE)

x <- as.matrix(data[-1])
within <- apply(x, 2, function(column) column - ave(column, data$region))
S <- crossprod(within) / (n - 6)
scale <- sqrt(diag(S))
V <- matrix(0, 10, 10); V[1:5, 1:5] <- 2.5; diag(V)[1:5] <- 4

side <- function(name, keys) paste0(name, "_", keys)
write_model <- function(groups) {
  lines <- c(
    sapply(names(groups), function(g) paste(g, "=~", paste(c(side("survey", groups[[g]]),
      side("checklist", groups[[g]])), collapse = " + "))),
    paste("method =~", paste(side("checklist", keys), collapse = " + ")),
    paste0("method ~~ 0*", names(groups)))
  for (g in groups) if (length(g) > 1)
    lines <- c(lines, paste(side("survey", g), "~~", side("checklist", g)))
  paste(lines, collapse = "\n")
}
models <- list(`3+2` = list(front = c("a", "b", "c"), back = c("d", "e")),
               `4+1` = list(front = c("a", "b", "c", "d"), back = "e"))
rows <- list()
for (set in names(models)) for (removed in c("none", "removed")) {
  C <- (S - if (removed == "removed") V else 0) / outer(scale, scale)
  fit <- cfa(write_model(models[[set]]), sample.cov = C, sample.nobs = n - 6 + 1,
             sample.cov.rescale = FALSE, estimator = "ULS", std.lv = TRUE,
             control = list(rel.tol = 1e-10, iter.max = 20000))
  stopifnot(lavInspect(fit, "converged"))
  p <- parameterEstimates(fit, se = FALSE)
  factors <- c("method", names(models[[set]]))
  fixed <- p$op == "~~" & p$lhs %in% factors & (p$rhs == p$lhs | p$rhs == "method")
  p <- p[!fixed, ]
  std <- standardizedSolution(fit, se = FALSE)
  p <- merge(p, std, sort = FALSE)
  unit <- ifelse(p$op == "=~", scale[p$rhs],
                 ifelse(p$lhs %in% names(scale), scale[p$lhs] * scale[p$rhs], 1))
  rows[[length(rows) + 1]] <- data.frame(set, removed, lhs = p$lhs, op = p$op, rhs = p$rhs,
    estimate = p$est * unit, standardised = p$est.std)
  m <- fitMeasures(fit, c("df", "srmr"))
  rows[[length(rows) + 1]] <- data.frame(set, removed, lhs = "", op = "fit", rhs = names(m),
    estimate = as.numeric(m), standardised = NA)
}
expected <- do.call(rbind, rows)
number <- function(x) trimws(formatC(x, digits = 12, format = "g"))
expected$estimate <- number(expected$estimate)
expected$standardised <- number(expected$standardised)
expected$made_by <- paste("lavaan", packageVersion("lavaan"))
write.csv(expected, "method_model_expected.csv", row.names = FALSE, quote = FALSE)
