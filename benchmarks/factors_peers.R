# The peers in R of benchmarks/factors.py: time one task and write what it found.
#   Rscript factors_peers.R TASK ANSWERS N OUT
# ANSWERS: N x 20 answers 1-5, one byte each, by column. OUT: numbers, one a line.
suppressPackageStartupMessages({library(psych); library(lavaan)})
options(digits = 17, warn = -1)
arguments <- commandArgs(trailingOnly = TRUE)
n <- as.integer(arguments[3])
x <- matrix(readBin(arguments[2], "integer", n * 20, size = 1, signed = FALSE), n)
items <- paste0(rep(letters[1:5], each = 4), 1:4)
colnames(x) <- items
upper <- function(r) r[lower.tri(r)]          # by column of the lower triangle: pairs in row order
model <- paste(sapply(letters[1:5], function(g)
  paste(g, "=~", paste0(g, 1:4, collapse = " + "))), collapse = "\n")
tasks <- list(
  psych_polychoric = function() upper(polychoric(x, correct = 0, smooth = FALSE)$rho),
  lavaan_polychoric = function() upper(unclass(lavCor(as.data.frame(x), ordered = items,
    zero.add = c(0, 0)))),
  psych_parallel = function() fa.parallel(x, fa = "both", n.iter = 20, plot = FALSE,
    SMC = TRUE)$pc.sim,
  psych_parallel_polychoric = function() fa.parallel(x, fa = "both", n.iter = 3, plot = FALSE,
    SMC = TRUE, cor = "poly", correct = 0)$pc.sim,
  lavaan_wlsmv = function() {
    fit <- cfa(model, as.data.frame(x), ordered = items, std.lv = TRUE, estimator = "WLSMV")
    c(inspect(fit, "std")$lambda[cbind(1:20, rep(1:5, each = 4))],
      fitMeasures(fit, "chisq.scaled"))
  })
set.seed(1)
sink(nullfile()); seconds <- system.time(found <- tasks[[arguments[1]]]())[["elapsed"]]; sink()
writeLines(format(c(seconds, found), digits = 17), arguments[4])
