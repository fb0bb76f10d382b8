# Reference values for tests/factors/exploration and tests/factors/rotation, made by R.
# Run from this folder, after simulate.py, with the data of lavaan's HolzingerSwineford1939:
#   Rscript reference.R ../../../../shared/reference/data/holzinger_swineford_1939.csv
suppressPackageStartupMessages({library(psych); library(GPArotation)})
options(digits = 17, mc.cores = 1, warn = -1)
write <- function(x, name) write.csv(x, paste0(name, ".csv"), row.names = FALSE, quote = FALSE)
EPS <- 2e-7          # GPArotation stops at 1e-5; finer than 1e-7 it only counts rounding errors
MAXIT <- 3000
STARTS <- 20

hs <- read.csv(commandArgs(TRUE)[1])[, paste0("x", 1:9)]
write(as.data.frame(cor(hs)), "hs_correlations")
sets <- list(
  hs = list(r = cor(hs), n = nrow(hs), f = 3, group = rep(1:3, each = 3)),
  ordinal = list(r = as.matrix(read.csv("ordinal_correlations.csv")), n = 1500, f = 5,
                 group = rep(1:5, each = 4)))

extract <- function(s, fm, f) {
  if (fm == "pa") fa(s$r, f, n.obs = s$n, fm = fm, rotate = "none", alpha = .05,
                     min.err = 1e-13, max.iter = 100000)
  else fa(s$r, f, n.obs = s$n, fm = fm, rotate = "none", alpha = .05)
}

# The lowest of many starts: geomin, bifactor and target have local minima.
lowest <- function(A, rotation, ...) {
  set.seed(1)
  best <- NULL
  for (i in 0:STARTS) {
    T <- if (i == 0) diag(ncol(A)) else Random.Start(ncol(A))
    g <- try(rotation(A, Tmat = T, eps = 1e-4, maxit = 500, ...), silent = TRUE)
    if (inherits(g, "try-error")) next
    f <- g$Table[nrow(g$Table), 2]
    if (is.null(best) || f < best$f - 1e-6) best <- list(g = g, f = f)
  }
  g <- rotation(A, Tmat = best$g$Th, eps = EPS, maxit = MAXIT, ...)
  list(loadings = g$loadings, Phi = g$Phi, value = g$Table[nrow(g$Table), 2])
}

turn <- function(A, rotation, s) {
  target <- sapply(seq_len(s$f), function(g) ifelse(s$group == g, NA, 0))
  switch(rotation,
    none = list(loadings = A, Phi = NULL, value = NA),
    varimax = list(loadings = stats::varimax(A, eps = 1e-14)$loadings, Phi = NULL, value = NA),
    promax = {
      h <- sqrt(rowSums(A^2))
      x <- unclass(stats::varimax(A / h, normalize = FALSE, eps = 1e-14)$loadings)
      Q <- x * abs(x)^3                # psych::Promax after a varimax that was told to go on
      U <- lm.fit(x, Q)$coefficients
      U <- U %*% diag(sqrt(diag(solve(t(U) %*% U))))
      list(loadings = (x %*% U) * h, Phi = solve(U) %*% t(solve(U)), value = NA)
    },
    oblimin = lowest(A, GPArotation::oblimin),
    geomin = lowest(A, GPArotation::geominQ, delta = 0.01),
    bifactor = lowest(A, GPArotation::bifactorT),
    target = lowest(A, GPArotation::targetQ, Target = target))
}

plan <- rbind(
  expand.grid(fm = "minres", rotation = c("none", "oblimin", "promax", "varimax", "geomin",
                                          "bifactor", "target"), stringsAsFactors = FALSE),
  expand.grid(fm = c("ml", "pa"), rotation = c("none", "oblimin"), stringsAsFactors = FALSE))

loadings <- phis <- fits <- values <- NULL
for (name in names(sets)) {
  s <- sets[[name]]
  for (i in seq_len(nrow(plan))) {
    fm <- plan$fm[i]; rotation <- plan$rotation[i]
    f <- s$f + (rotation == "bifactor")
    e <- extract(s, fm, f)
    A <- unclass(e$loadings); dimnames(A) <- NULL
    g <- turn(A, rotation, s)
    L <- unclass(g$loadings); Phi <- if (is.null(g$Phi)) diag(f) else g$Phi
    about <- data.frame(set = name, method = fm, rotation = rotation)
    loadings <- rbind(loadings, cbind(about, indicator = rep(colnames(s$r), each = f),
      factor = rep(seq_len(f), nrow(L)), unrotated = as.vector(t(A)), loading = as.vector(t(L))))
    phis <- rbind(phis, cbind(about, factor = rep(seq_len(f), each = f),
      other = rep(seq_len(f), f), phi = as.vector(t(Phi))))
    values <- rbind(values, cbind(about, criterion = g$value))
    if (rotation == "none") fits <- rbind(fits, data.frame(set = name, method = fm, n = s$n,
      statistic = c("chi2", "df", "p", "rmsea", "rmsea_low", "rmsea_high", "tli", "bic", "rmsr"),
      value = c(e$STATISTIC, e$dof, e$PVAL, e$RMSEA[1:3], e$TLI, e$BIC, e$rms)))
  }
}
write(loadings, "loadings")
write(phis, "factor_correlations")
write(values, "criteria")
write(fits, "fit")

schmids <- congruences <- NULL
for (name in names(sets)) {
  s <- sets[[name]]
  f <- fa(s$r, s$f, n.obs = s$n, fm = "minres", rotate = "oblimin", eps = EPS, maxit = MAXIT)
  sl <- suppressMessages(schmid(f, s$f))$sl[, seq_len(s$f + 1)]
  schmids <- rbind(schmids, data.frame(set = name, indicator = rep(rownames(sl), each = s$f + 1),
    factor = rep(0:s$f, nrow(sl)), schmid = as.vector(t(sl)),
    pattern = as.vector(t(cbind(NA, unclass(f$loadings)))),
    second_order = rep(c(NA, as.vector(suppressMessages(schmid(f, s$f))$gloading)), nrow(sl))))
  own <- sapply(seq_len(s$f), function(g) as.numeric(s$group == g))
  cc <- factor.congruence(unclass(f$loadings), own, digits = 12)
  congruences <- rbind(congruences, data.frame(set = name, factor = rep(seq_len(s$f), each = s$f),
    group = rep(seq_len(s$f), s$f), congruence = as.vector(t(cc))))
}
write(schmids, "schmid_leiman")
write(congruences, "congruence")
writeLines(c(R.version.string, paste("psych", packageVersion("psych")),
             paste("GPArotation", packageVersion("GPArotation"))), "versions.txt")
