# Reference values for tests/rating/shrinkage: run from this folder with
#   Rscript shrinkage.R FOLDER
# metafor is installed. FOLDER has ebci.R and sae.R: the functions cva, rho, w_eb and the moments of ebci()
# of the R package ebci (Michal Kolesar, github.com/kolesarm/ebci), and the fits of eblupFH and mseFH of
# sae 1.3 (Molina and Marhuenda), typed off from their public sources without the handling of
# formulas, since the packages could not be installed where this was made; their code is not kept
# here. The typed ebci gives the values of its own tests (cva(5, 3) = 11.88358367, cva(10, 3) = 24.86172217).
# Writes shrinkage_input.csv (seeded, made up, and the eight schools), shrinkage_expected.csv and
# critical_expected.csv.
suppressMessages(library(metafor))
folder <- commandArgs(trailingOnly = TRUE)[1]
peer_ebci <- new.env(); sys.source(file.path(folder, "ebci.R"), peer_ebci)
peer_sae <- new.env(); sys.source(file.path(folder, "sae.R"), peer_sae)

set.seed(20261127)
m <- 30
v <- round(runif(m, 0.5, 12), 3)
x1 <- round(rnorm(m), 3); x2 <- round(rbinom(m, 1, 0.4) + 0, 0)
areas <- data.frame(set = "areas", v = v, x1, x2,
                    y = round(70 + 2 * x1 - 3 * x2 + rnorm(m, 0, 2) + rnorm(m, 0, sqrt(v)), 3))
# Without true differences beside the covariates: the variance is estimated as 0 by REML.
v <- round(runif(12, 4, 20), 3); x1 <- round(rnorm(12), 3)
flat <- data.frame(set = "flat", v = v, x1, x2 = rep(0:1, 6), y = round(70 + x1 + rnorm(12, 0, 0.6 * sqrt(v)), 3))
schools <- data.frame(set = "eight_schools", v = c(15, 10, 16, 11, 9, 11, 10, 18)^2, x1 = 0, x2 = 0,
                      y = c(28, 8, -3, 7, -1, 1, 18, 12))
input <- rbind(areas, flat, schools)[, c("set", "y", "v", "x1", "x2")]
write.csv(input, "shrinkage_input.csv", row.names = FALSE, quote = FALSE)

number <- function(x) trimws(formatC(x, digits = 15, format = "g"))
rows <- list()
add <- function(set, made_by, method, statistic, values)
  rows[[length(rows) + 1]] <<- data.frame(set, made_by, method, statistic, unit = seq_along(values),
                                          estimate = number(values))
control <- list(threshold = 1e-14, maxiter = 100000, tol = 1e-14)
by_metafor <- paste("metafor", packageVersion("metafor"))
names_metafor <- c(reml = "REML", ml = "ML", fay_herriot = "PM", prasad_rao = "HE")
fit_metafor <- function(d, method, mods, ...)
  suppressWarnings(do.call(rma, c(list(d$y, d$v, method = method, control = control, ...),
                                  if (!is.null(mods)) list(mods = mods))))
for (set in unique(input$set)) {
  d <- input[input$set == set, ]
  mods <- if (set != "eight_schools") as.matrix(d[, c("x1", "x2")])
  for (method in names(names_metafor)) {
    f <- fit_metafor(d, names_metafor[[method]], mods)
    add(set, by_metafor, method, "variance", f$tau2)
    add(set, by_metafor, method, "coefficient", as.numeric(f$beta))
    add(set, by_metafor, method, "coefficient_error", f$se)
    add(set, by_metafor, method, "estimate", blup(f)$pred)
    if (!is.null(mods) && set == "areas") {
      f0 <- fit_metafor(d, names_metafor[[method]], NULL)
      add(set, by_metafor, method, "r2", max(0, (f0$tau2 - f$tau2) / f0$tau2))
    }
  }
  # Li and Lahiri: metafor's likelihood at a fixed variance, times the variance.
  for (method in c("reml", "ml")) {
    adjusted <- function(a) {
      f <- fit_metafor(d, toupper(method), mods, tau2 = a)
      f$fit.stats["ll", toupper(method)] + log(a)
    }
    found <- optimize(adjusted, c(1e-6, 20 * median(d$v)), maximum = TRUE, tol = 1e-10)$maximum
    add(set, paste(by_metafor, "and optimize"), paste0("adjusted_", method), "variance", found)
  }
  # sae
  x <- if (is.null(mods)) matrix(1, nrow(d), 1) else cbind(1, mods)
  for (method in c("REML", "ML", "FH")) {
    name <- c(REML = "reml", ML = "ml", FH = "fay_herriot")[[method]]
    f <- tryCatch(peer_sae$mseFH(d$y, x, d$v, method, MAXITER = 100000, PRECISION = 1e-13),
                  error = function(e) NULL)
    if (is.null(f)) next
    add(set, "sae typed off", name, "variance", f$est$A)
    add(set, "sae typed off", name, "estimate", f$est$eblup)
    add(set, "sae typed off", name, "mse", f$mse)
  }
  # ebci
  for (kind in c("equal", "precision", "t", "none", "unbounded")) {
    w <- if (kind == "precision") 1 / d$v else rep(1, nrow(d))
    f <- tryCatch(peer_ebci$ebci(d$y, x, sqrt(d$v), w, alpha = 0.1, tstat = kind == "t",
                                 kappa = if (kind == "unbounded") Inf else NULL,
                                 fs_correction = if (kind == "none") "none" else "PMT"),
                  error = function(e) NULL)
    if (is.null(f) || f$mu2[1] == 0) next
    add(set, "ebci typed off", kind, "second", f$mu2[1]); add(set, "ebci typed off", kind, "kurtosis", f$kappa[1])
    add(set, "ebci typed off", kind, "raw_second", f$mu2[2]); add(set, "ebci typed off", kind, "raw_kurtosis", f$kappa[2])
    add(set, "ebci typed off", kind, "estimate", f$df$th_eb); add(set, "ebci typed off", kind, "half_length", f$df$len_eb)
    add(set, "ebci typed off", kind, "parametric_half_length", f$df$len_pa)
    add(set, "ebci typed off", kind, "parametric_noncoverage", f$df$ncov_pa)
  }
}
write.csv(do.call(rbind, rows), "shrinkage_expected.csv", row.names = FALSE, quote = FALSE)

grid <- expand.grid(bias = c(0.05, 0.3, 1, 2, 5, 10), kurtosis = c(1, 1.5, 3, 10, 100, Inf), level = c(0.9, 0.95))
grid$critical <- number(mapply(function(b, k, l) peer_ebci$cva(b, k, 1 - l)$cv, grid$bias, grid$kurtosis, grid$level))
write.csv(grid, "critical_expected.csv", row.names = FALSE, quote = FALSE)
