# Reference values for tests/reliability/coefficients, made by psych (with Rcsdp), lavaan, semTools.
# Run from this folder: Rscript coefficients.R
suppressPackageStartupMessages({library(psych); library(lavaan); library(semTools); library(Rcsdp)})
options(digits = 17, warn = -1, mc.cores = 1)
source("write.R")
answers <- read.csv("answers.csv"); answers$a3 <- 6 - answers$a3
hs <- HolzingerSwineford1939
data <- list(a = answers[paste0("a", 1:5)], b = answers[paste0("b", 1:4)],
             c = answers[paste0("c", 1:6)], pair = answers[c("b1", "b2")],
             visual = hs[paste0("x", 1:3)], textual = hs[paste0("x", 4:6)],
             speed = hs[paste0("x", 7:9)], hs = hs[paste0("x", 1:9)])

# All splits by full enumeration (psych 2.2.9 misses splits of five items).
halves <- function(S) {
  k <- ncol(S); half <- k %/% 2
  chosen <- combn(k, half, simplify = FALSE)
  if (k %% 2 == 0) chosen <- Filter(function(i) 1 %in% i, chosen)
  sapply(chosen, function(i) 4 * sum(S[i, -i, drop = FALSE]) / sum(S))
}
source("one_factor.R")
say <- function(name) {
  x <- data[[name]]; S <- cov(x); R <- cov2cor(S); R <- (R + t(R)) / 2; k <- ncol(S); n <- nrow(x)
  found <- psych::alpha(x, warnings = FALSE, check.keys = FALSE)
  V <- sum(S); off <- S - diag(diag(S))
  rows <- c(alpha = found$total$raw_alpha, standardised_alpha = found$total$std.alpha,
            mean_inter_item = found$total$average_r, duhachek_se = found$total$ase,
            feldt_low = found$feldt$lower.ci[[1]], feldt_high = found$feldt$upper.ci[[1]],
            lambda_1 = 1 - sum(diag(S)) / V,
            lambda_2 = (sum(off) + sqrt(k / (k - 1) * sum(off^2))) / V,
            lambda_5 = 1 - sum(diag(S)) / V + 2 * sqrt(max(colSums(off^2))) / V,
            lambda_6 = 1 - sum(1 / diag(solve(S))) / V,
            split_half_max = max(halves(S)), split_half_min = min(halves(S)),
            split_half_mean = mean(halves(S)),
            glb = glb.algebraic(S)$glb, glb_standardised = glb.algebraic(R)$glb)
  if (k > 2) {
    bounds <- guttman(R)
    rows <- c(rows, psych_lambda_2 = bounds$lambda.2, psych_lambda_6 = bounds$lambda.6,
              psych_lambda_5 = bounds$lambda.5)
    l <- one_factor(R); s <- sqrt(diag(S)); u <- 1 - l^2
    rows <- c(rows, omega_total = sum(l * s)^2 / (sum(l * s)^2 + sum(s^2 * u)),
              composite_reliability = sum(l)^2 / (sum(l)^2 + sum(u)),
              coefficient_h = 1 / (1 + 1 / sum(l^2 / u)), ave = mean(l^2),
              setNames(l, paste0("loading_", seq_len(k))))
  }
  data.frame(data = name, statistic = names(rows), value = unname(rows))
}
write(do.call(rbind, lapply(names(data), say)), "coefficients")
write(do.call(rbind, lapply(names(data), function(name) {
  S <- cov(data[[name]]); at <- which(row(S) <= col(S), arr.ind = TRUE)
  data.frame(data = name, row = at[, 1], column = at[, 2], value = S[at])
})), "covariances")

# Green and Yang's omega, and ordinal alpha, from lavaan's one-factor solution (WLSMV).
categorical <- lapply(c("a", "b", "c"), function(g) {
  x <- data[[g]]; items <- names(x)
  fit <- cfa(paste("f =~", paste(items, collapse = " + ")), x, ordered = items, std.lv = TRUE,
             estimator = "WLSMV", control = list(rel.tol = 1e-14), optim.force.converged = TRUE)
  poly <- unclass(lavInspect(fit, "sampstat")$cov); th <- lavInspect(fit, "sampstat")$th
  list(values = data.frame(data = g, statistic = c("green_yang", "latent_omega", "ordinal_alpha"),
         value = c(compRelSEM(fit, ord.scale = TRUE)[["f"]],
                   compRelSEM(fit, ord.scale = FALSE, obs.var = FALSE)[["f"]],
                   psych::alpha(poly, warnings = FALSE)$total$raw_alpha)),
       parts = data.frame(data = g, part = c(rep("threshold", length(th)),
           rep("loading", length(items)), rep("rho", length(items)^2)),
         value = c(th, lavInspect(fit, "std")$lambda[, 1], poly)))
})
write(do.call(rbind, lapply(categorical, `[[`, "values")), "categorical")
write(do.call(rbind, lapply(categorical, `[[`, "parts")), "categorical_parts")
record_versions("psych", "lavaan", "semTools", "Rcsdp")
