# The peers in R of benchmarks/agreement.py.
#   Rscript agreement_peers.R TASK SCORES N OUT ARGUMENTS
# SCORES: doubles by column. OUT: seconds of one computation, then what was found.
#   stats_limits: N differences; ARGUMENTS level and coverage. Base R's noncentral t.
#   psych_icc: two columns of N scores. ICC(C,1) and ICC(A,1) by lme4; by aov, psych's other way,
#   2,000 centres take minutes.
options(digits = 17, warn = -1)
arguments <- commandArgs(trailingOnly = TRUE)
n <- as.integer(arguments[3])
seconds <- function(times, task) system.time(for (again in seq_len(times)) task())[["elapsed"]] / times
tasks <- list(
  stats_limits = function() {
    level <- as.numeric(arguments[5]); z <- qnorm((1 + as.numeric(arguments[6])) / 2)
    task <- function() qt(c(1 - level, 1 + level) / 2, n - 1, ncp = z * sqrt(n)) / sqrt(n)
    c(seconds(1000, task), task())
  },
  psych_icc = function() {
    suppressPackageStartupMessages(library(psych))
    scores <- matrix(readBin(arguments[2], "double", 2 * n), n)
    task <- function() found <<- ICC(scores)$results
    spent <- seconds(2, task)
    c(spent, found["Single_fixed_raters", "ICC"], found["Single_random_raters", "ICC"])
  })
found <- tasks[[arguments[1]]]()
writeLines(format(found, digits = 17), arguments[4])
