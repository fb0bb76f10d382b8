# psych beside areas/reliability.py: five groups of four indicators. psych's alpha() would use both
# processors; frame/measure.R gives everyone one.
script <- sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)[1])
source(file.path(dirname(script), "..", "frame", "measure.R"))
suppressPackageStartupMessages(library(psych))
load_groups <- function(folder, n) {
  x <- read_answers(folder, n)
  colnames(x) <- paste0("v", seq_len(ncol(x)))
  lapply(split(seq_len(ncol(x)), rep(1:5, each = 4)), function(at) x[, at])
}
say_omega <- function(y) omega(y, nfactors = 1, plot = FALSE)$omega.tot
measure(list(
  psych_alpha = function(folder, n, centres) {
    groups <- load_groups(folder, n)
    list(run = function() lapply(groups, function(y) alpha(y)$total),
      numbers = function(found) sapply(found, function(one) c(one$raw_alpha, one$std.alpha)))
  },
  psych_omega = function(folder, n, centres) {
    groups <- load_groups(folder, n)
    list(run = function() sapply(groups, say_omega), numbers = identity)
  },
  psych_replicate = function(folder, n, centres) {
    groups <- load_groups(folder, n)
    rows <- read_rows(folder)
    list(run = function() sapply(groups, function(y) alpha(y[rows, ])$total),
      numbers = function(found) unlist(found["raw_alpha", ]))
  }))
