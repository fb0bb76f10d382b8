# Where programs differ from each other or from themselves; tests/reliability/test_peers.py says who is
# right. Run from this folder: Rscript peers.R
suppressPackageStartupMessages({library(psych); library(GPArotation); library(Rcsdp)})
options(digits = 17, warn = -1, mc.cores = 1)
source("write.R")
answers <- read.csv("answers.csv"); answers$a3 <- 6 - answers$a3
five <- answers[paste0("a", 1:5)]; R <- cor(five)

# Ten ways to split five items into two and three; psych lists some of them.
found <- splitHalf(R, raw = TRUE)
rows <- data.frame(statistic = "split_of_psych", value = sort(found$raw))
add <- function(...) { more <- c(...); rows <<- rbind(rows, data.frame(statistic = names(more), value = unname(more))) }
add(psych_split_max = found$maxrb, psych_split_min = found$minrb, psych_split_mean = found$meanr,
    psych_lambda_4 = guttman(R)$lambda.4)

# The bootstrap of alpha: two runs from one seed, in one process and in two.
twice <- function(cores) {
  options(mc.cores = cores)
  ends <- replicate(2, { set.seed(1); as.vector(alpha(five, n.iter = 50, warnings = FALSE)$boot.ci) })
  max(abs(ends[, 1] - ends[, 2]))
}
add(bootstrap_one_core = twice(1), bootstrap_two_cores_differ = as.numeric(twice(2) > 0))
options(mc.cores = 1)

# Missing answers: every seventh of a1, every fifth of a2 (as the test takes them away).
gaps <- five; gaps$a1[seq(1, 600, 7)] <- NA; gaps$a2[seq(1, 600, 5)] <- NA
told <- alpha(gaps, warnings = FALSE)$total
step <- function(r) { k <- ncol(r); m <- (sum(r) - k) / (k * (k - 1)); k * m / (1 + (k - 1) * m) }
add(gaps_raw = told$raw_alpha, gaps_standardised = told$std.alpha,
    gaps_of_pairwise_correlations = step(cor(gaps, use = "pairwise")),
    gaps_of_pairwise_covariances = step(cov2cor(cov(gaps, use = "pairwise"))))

# Omega total of five items with one factor and with three.
add(omega_one_factor = omega(R, 1, plot = FALSE)$omega.tot,
    omega_three_factors = suppressMessages(omega(R, 3, plot = FALSE))$omega.tot,
    glb = glb.algebraic(R)$glb)

# The bounds of psych::glb are another number than the greatest lower bound.
add(glb_fa = glb.fa(R)$glb, guttman_glb = guttman(R)$glb)
write(rows, "peers")

# Squared Mahalanobis distances of psych: with complete answers, and with gaps.
distances <- outlier(answers[c(paste0("b", 1:4), "c1", "c4")], plot = FALSE)
part <- answers[c(paste0("b", 1:4), "c1", "c4")]; part$b1[seq(1, 600, 7)] <- NA
write(data.frame(complete = distances, gaps = outlier(part, plot = FALSE)), "distances")
record_versions("psych", "GPArotation", "Rcsdp")
