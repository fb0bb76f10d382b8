# Reference values for tests/reliability and tests/factors, made by R. Run from this folder:
#   Rscript reference.R
suppressPackageStartupMessages({library(psych); library(GPArotation)})
options(digits = 17, mc.cores = 1)
write <- function(x, name) write.csv(x, paste0(name, ".csv"), row.names = FALSE, quote = FALSE)

raw <- read.csv("answers.csv")
x <- raw[, -(1:2)]
x$b2 <- 6 - x$b2                      # reverse-keyed
groups <- list(a = 1:3, b = 4:6, c = 7:9, index = 1:9)
complete <- na.omit(x)

alphas <- do.call(rbind, lapply(names(groups), function(g) {
  pairwise <- psych::alpha(x[, groups[[g]]], warnings = FALSE)$total
  whole <- psych::alpha(complete[, groups[[g]]], warnings = FALSE)$total
  rbind(
    data.frame(missing = "pairwise", group = g, raw_alpha = pairwise$raw_alpha,
               average_r = pairwise$average_r),
    data.frame(missing = "complete", group = g, raw_alpha = whole$raw_alpha,
               average_r = whole$average_r))
}))
write(alphas, "alpha")

R <- cor(x, use = "pairwise")
n <- min(psych::pairwiseCount(x))
kmo <- psych::KMO(R)
write(data.frame(indicator = c("index", colnames(R)), msa = c(kmo$MSA, kmo$MSAi)), "kmo")
bartlett <- psych::cortest.bartlett(R, n = n)
write(data.frame(chi2 = bartlett$chisq, df = bartlett$df, p = bartlett$p.value,
                 determinant = det(R), n = n), "bartlett")
write(data.frame(position = 1:9, eigenvalue = eigen(R)$values), "eigenvalues")
write(as.data.frame(R), "correlations")

solutions <- list(c("minres", "oblimin"), c("minres", "varimax"), c("minres", "none"),
                  c("minres", "promax"), c("ml", "oblimin"))
tables <- lapply(solutions, function(s) {
  # stats::varimax and GPArotation stop early by default: 5e-4 from the optimum for varimax.
  f <- switch(s[2],
    varimax = fa(R, nfactors = 3, n.obs = n, fm = s[1], rotate = "none"),
    oblimin = fa(R, nfactors = 3, n.obs = n, fm = s[1], rotate = "oblimin", eps = 1e-7),
    fa(R, nfactors = 3, n.obs = n, fm = s[1], rotate = s[2]))
  if (s[2] == "varimax") {
    f$loadings <- stats::varimax(f$loadings, eps = 1e-13)$loadings
    f$Vaccounted["SS loadings", ] <- colSums(unclass(f$loadings)^2)
  }
  L <- unclass(f$loadings)
  phi <- if (is.null(f$Phi)) diag(3) else f$Phi
  list(
    loadings = data.frame(method = s[1], rotation = tolower(s[2]), indicator = rownames(L),
                          L1 = L[, 1], L2 = L[, 2], L3 = L[, 3], communality = f$communality),
    factors = data.frame(method = s[1], rotation = tolower(s[2]), position = 1:3,
                         P1 = phi[, 1], P2 = phi[, 2], P3 = phi[, 3],
                         ss_loadings = f$Vaccounted["SS loadings", ]))
})
write(do.call(rbind, lapply(tables, `[[`, "loadings")), "loadings")
write(do.call(rbind, lapply(tables, `[[`, "factors")), "factors")

writeLines(c(R.version.string,
             paste("psych", packageVersion("psych")),
             paste("GPArotation", packageVersion("GPArotation"))), "versions.txt")
