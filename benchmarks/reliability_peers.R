# The peers in R of benchmarks/reliability.py: five groups of equal size.
#   Rscript reliability_peers.R TASK ANSWERS N OUT INDICATORS REPLICATES
# ANSWERS: N x INDICATORS answers 1-5, one byte each, by column. OUT: seconds, then what was found.
# The seconds of a bootstrap are those of one replicate of all five groups, without the first
# estimate. psych draws respondents. Its alpha() uses both cores (and then ignores set.seed); the
# replicates of its omega() are drawn here, because its n.iter resamples the resampled answers.
suppressPackageStartupMessages(library(psych))
options(digits = 17, warn = -1, mc.cores = 2)
arguments <- commandArgs(trailingOnly = TRUE)
n <- as.integer(arguments[3]); k <- as.integer(arguments[5]); replicates <- as.integer(arguments[6])
x <- matrix(readBin(arguments[2], "integer", n * k, size = 1, signed = FALSE), n)
colnames(x) <- paste0("v", seq_len(k))
groups <- lapply(split(seq_len(k), rep(1:5, each = k / 5)), function(at) x[, at])
seconds <- function(task) system.time(task())[["elapsed"]]
say_omega <- function(y) omega(y, nfactors = 1, plot = FALSE)
estimate <- function(y) {
  found <- alpha(y)$total
  l <- fa(y, 1)$loadings[, 1]; s <- sqrt(diag(cov(y)))
  c(found$raw_alpha, found$std.alpha, sum(l * s)^2 / (sum(l * s)^2 + sum(s^2 * (1 - l^2))),
    say_omega(y)$omega.tot)
}
run <- function(task) for (y in groups) task(y)
tasks <- list(
  psych_estimates = function() {
    spent <- seconds(function() found <<- sapply(groups, estimate)); c(spent, found)
  },
  psych_alpha = function() {
    once <- seconds(function() run(alpha))
    (seconds(function() run(function(y) alpha(y, n.iter = replicates))) - once) / replicates
  },
  psych_omega = function() {
    seconds(function() for (again in seq_len(replicates))
      run(function(y) say_omega(y[sample(n, n, TRUE), ]))) / replicates
  })
set.seed(1)
sink(nullfile()); found <- suppressMessages(tasks[[arguments[1]]]()); sink()
writeLines(format(found, digits = 17), arguments[4])
