# Reference values for tests/factors/number and tests/factors/test_suitability.py, made by R.
# Run from this folder; needs the correlations of ../exploratory (Holzinger and Swineford's data):
#   Rscript reference.R
# Rules that no installed package has are written here from their papers, in another way than the
# project computes them: loops over numbers, sums over all triplets, simulation of whole populations.
suppressPackageStartupMessages({library(psych); library(nFactors)})
options(digits = 17, mc.cores = 1, warn = -1)
write <- function(x, name) write.csv(x, paste0(name, ".csv"), row.names = FALSE, quote = FALSE)
FITTED <- 8
RANDOM <- 400
RANDOM_POLYCHORIC <- 60

# Five correlated factors behind 20 questions in five categories, 800 respondents of 40 centres.
simulate <- function() {
  set.seed(20260914)
  n <- 800; centres <- 40
  group <- rep(1:5, each = 4)
  loading <- runif(20, 0.6, 0.8)
  centre <- rep(seq_len(centres), each = n / centres)
  general <- sqrt(0.2) * rnorm(centres)[centre] + sqrt(0.8) * rnorm(n)
  factors <- sqrt(0.3) * general + sqrt(0.7) * matrix(rnorm(n * 5), n)
  own <- matrix(rnorm(n * 20), n)
  latent <- factors[, group] %*% diag(loading) + own %*% diag(sqrt(1 - loading^2))
  middle <- rnorm(20, -0.5, 0.4)
  cuts <- outer(c(-1.2, -0.5, 0.2, 1), middle, "+")
  answers <- sapply(1:20, function(i) 1 + rowSums(outer(latent[, i], cuts[, i], ">")))
  colnames(answers) <- paste0(rep(letters[1:5], each = 4), 1:4)
  data.frame(centre = sprintf("k%02d", centre), answers)
}

answers <- simulate()
write(answers, "answers")
x <- as.matrix(answers[, -1])
poly <- polychoric(x, correct = 0)$rho
write(as.data.frame(poly), "polychoric")
sets <- list(
  hs = list(r = as.matrix(read.csv("../exploratory/hs_correlations.csv")), n = 301, width = 3),
  pearson = list(r = cor(x), n = 800, width = 4),
  polychoric = list(r = poly, n = 800, width = 4))

# ---- Is the matrix fit for factoring
suitability <- function(name) {
  s <- sets[[name]]
  k <- KMO(s$r); b <- cortest.bartlett(s$r, n = s$n)
  row <- function(subject, statistic, value) data.frame(set = name, subject, statistic, value)
  groups <- split(seq_len(ncol(s$r)), rep(seq_len(ncol(s$r) / s$width), each = s$width))
  rbind(row("index", "kmo", k$MSA), row("index", "determinant", det(s$r)),
        row("index", "bartlett_chi2", b$chisq), row("index", "bartlett_df", b$df),
        row("index", "bartlett_p", b$p.value),
        row(colnames(s$r), "msa", k$MSAi), row(colnames(s$r), "smc", smc(s$r)),
        row(letters[seq_along(groups)], "kmo", sapply(groups, function(g) KMO(s$r[g, g])$MSA)))
}
write(do.call(rbind, lapply(names(sets), suitability)), "suitability")

# ---- Velicer: MAP with powers 2 and 4
map_averages <- function(r, power) {
  e <- eigen(r)
  sapply(0:(ncol(r) - 2), function(m) {
    left <- r
    if (m) {
      a <- e$vectors[, 1:m, drop = FALSE] %*% diag(sqrt(e$values[1:m]), m)
      left <- r - a %*% t(a)
    }
    partial <- cov2cor(left)
    mean(partial[lower.tri(partial)]^power)
  })
}

# ---- Braeken and van Assen
kaiser_references <- function(values, n) {
  p <- length(values); found <- numeric(p)
  for (j in 1:p) {
    before <- if (j > 1) sum(values[1:(j - 1)]) else 0
    found[j] <- max(1, (1 + sqrt(p / n))^2 * (p - before) / (p - j + 1))
  }
  found
}

# ---- Lorenzo-Seva, Timmerman and Kiers: a number is on the hull if it is above the lines of all
# pairs of numbers round it, and above all smaller numbers
common_part <- function(r, loadings) {
  left <- r - loadings %*% t(loadings)
  diag(left) <- 1
  if (min(eigen(left)$values) <= 0) NA else 1 - KMO(left)$MSA
}
hull <- function(fit, p) {
  f <- seq_along(fit) - 1
  df <- p * (p - 1) / 2 - (p * f - f * (f - 1) / 2)
  on <- sapply(seq_along(fit), function(i) {
    if (any(fit[f < f[i]] >= fit[i])) return(FALSE)
    all(sapply(which(f < f[i]), function(a) all(sapply(which(f > f[i]), function(b)
      fit[i] > fit[a] + (fit[b] - fit[a]) * (df[a] - df[i]) / (df[a] - df[b])))))
  })
  at <- which(on)
  st <- rep(NA, length(fit))
  for (i in seq_along(at)[-c(1, length(at))]) {
    b <- at[i - 1]; h <- at[i]; a <- at[i + 1]
    st[h] <- ((fit[h] - fit[b]) / (df[b] - df[h])) / ((fit[a] - fit[h]) / (df[h] - df[a]))
  }
  st
}

# ---- Revelle and Rocklin, off the diagonal, from varimax that does not stop early
simple_fit <- function(r, loadings, complexity) {
  kept <- t(apply(loadings, 1, function(row) ifelse(rank(-abs(row)) <= complexity, row, 0)))
  if (ncol(loadings) == 1) kept <- t(kept)
  off <- lower.tri(r)
  1 - sum((r - kept %*% t(kept))[off]^2) / sum(r[off]^2)
}

criteria <- function(name) {
  s <- sets[[name]]; p <- ncol(s$r)
  values <- eigen(s$r)$values
  row <- function(rule, n_factors, value) data.frame(set = name, rule, n_factors, value)
  tried <- max(which((p - 1:FITTED)^2 >= p + 1:FITTED))
  fits <- lapply(1:tried, function(f) unclass(fa(s$r, f, n.obs = s$n, rotate = "none")$loadings))
  turned <- lapply(fits, function(l) if (ncol(l) == 1) l else
    unclass(varimax(l, eps = 1e-14)$loadings))
  caf <- sapply(c(list(matrix(0, p, 1)), fits), function(l) common_part(s$r, l))
  v <- vss(s$r, n = tried, n.obs = s$n, diagonal = TRUE, plot = FALSE)
  scree <- nScree(values, model = "components")
  bends <- head(scree$Analysis$Acc.factor[-1], -1)
  rbind(row("map", 0:(p - 2), map_averages(s$r, 2)), row("map_psych", 1:tried, v$map),
        row("map_revised", 0:(p - 2), map_averages(s$r, 4)),
        row("empirical_kaiser", 1:p, kaiser_references(values, s$n)),
        row("acceleration", 1:(p - 2), bends),
        row("acceleration_vote", scree$Components$naf, 0),
        row("common_part", 0:tried, caf),
        row("hull", 0:tried, hull(caf, p)),
        row("vss_1", 1:tried, sapply(turned, function(l) simple_fit(s$r, l, 1))),
        row("vss_2", 1:tried, sapply(turned, function(l) simple_fit(s$r, l, 2))),
        row("vss_1_psych", 1:tried, v$cfit.1), row("vss_2_psych", 1:tried, v$cfit.2))
}
write(do.call(rbind, lapply(names(sets), criteria)), "criteria")

# ---- Parallel analysis of psych: eigenvalues of the sample, mean, quantile and spread of random ones
set.seed(1)
parallel <- function(name, cor, iterations) {
  found <- fa.parallel(x, n.iter = iterations, SMC = TRUE, cor = cor, plot = FALSE, correct = 0)
  k <- ncol(x)
  parts <- list(c("components", "permuted"), c("axis", "permuted"),
                c("components", "normal"), c("axis", "normal"))
  do.call(rbind, lapply(1:4, function(i) {
    drawn <- found$values[, (i - 1) * k + 1:k]
    data.frame(basis = name, kind = parts[[i]][1], reference = parts[[i]][2], position = 1:k,
               estimate = if (parts[[i]][1] == "components") found$pc.values else found$fa.values,
               mean = colMeans(drawn), high = apply(drawn, 2, quantile, 0.95),
               sd = apply(drawn, 2, sd), replicates = iterations)
  }))
}
write(rbind(parallel("pearson", "cor", RANDOM), parallel("polychoric", "poly", RANDOM_POLYCHORIC)),
      "parallel")
fixed <- lapply(names(sets), function(name) {
  f <- fa.parallel(sets[[name]]$r, n.obs = sets[[name]]$n, n.iter = 2, SMC = TRUE, plot = FALSE)
  p <- ncol(sets[[name]]$r)
  data.frame(set = name, kind = rep(c("components", "axis"), each = p), position = rep(1:p, 2),
             value = c(f$pc.values, f$fa.values))
})
write(do.call(rbind, fixed), "eigenvalues")

# ---- Ruscio and Roche: comparison data by the simulation of Ruscio and Kaczetow
axes <- function(r, f) {
  h <- rep(1, ncol(r))
  for (i in 1:200) {
    reduced <- r; diag(reduced) <- h
    e <- eigen(reduced)
    l <- e$vectors[, 1:f, drop = FALSE] %*% diag(sqrt(pmax(e$values[1:f], 0)), f)
    new <- pmin(rowSums(l^2), 1)
    if (max(abs(new - h)) < 1e-4) break
    h <- new
  }
  l * sqrt(pmin(1, 1 / rowSums(l^2)))
}
make_population <- function(x, f, size) {
  k <- ncol(x)
  margins <- sapply(1:k, function(i) sort(sample(x[, i], size, replace = TRUE)))
  wanted <- cor(x); asked <- best_asked <- wanted; best <- Inf; failed <- 0
  shared <- matrix(rnorm(size * f), size); unique <- matrix(rnorm(size * k), size)
  put <- function(asked) {
    l <- axes(asked, f)
    y <- shared %*% t(l) + unique %*% diag(sqrt(1 - pmin(1, rowSums(l^2))))
    sapply(1:k, function(i) margins[rank(y[, i], ties.method = "first"), i])
  }
  while (failed < 5) {
    data <- put(asked)
    left <- wanted - cor(data)
    error <- sqrt(mean(left[lower.tri(left)]^2))
    if (error < best) {
      best <- error; best_asked <- asked; best_left <- left; best_data <- data; failed <- 0
      asked <- asked + left
    } else {
      failed <- failed + 1
      asked <- best_asked + best_left * 0.5^failed
    }
  }
  best_data
}
set.seed(2)
observed <- eigen(cor(x))$values
comparison <- do.call(rbind, lapply(1:6, function(f) {
  population <- make_population(x, f, 20000)
  d <- replicate(200, {
    values <- eigen(cor(population[sample(nrow(population), nrow(x), replace = TRUE), ]))$values
    sqrt(mean((values - observed)^2))
  })
  data.frame(n_factors = f, mean = mean(d), sd = sd(d))
}))
write(comparison, "comparison")

writeLines(c(R.version.string, paste("psych", packageVersion("psych")),
             paste("nFactors", packageVersion("nFactors"))), "versions.txt")
