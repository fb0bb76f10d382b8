# psych, irr beside areas/agreement: two columns of scores, a row a centre.
script <- sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)[1])
source(file.path(dirname(script), "..", "..", "frame", "measure.R"))
measure(list(
  psych_icc = function(folder, n, centres) {
    suppressPackageStartupMessages({library(psych); library(lme4)})
    x <- read_answers(folder, centres, "double")
    list(run = function() ICC(x)$results,
      numbers = function(found)
        c(found["Single_fixed_raters", "ICC"], found["Single_random_raters", "ICC"]))
  },
  irr_alpha = function(folder, n, centres) {
    suppressPackageStartupMessages(library(irr))
    x <- t(read_answers(folder, centres, "double"))
    list(run = function() kripp.alpha(x, "interval")$value, numbers = identity)
  },
  irrCAC_alpha = function(folder, n, centres) {
    suppressPackageStartupMessages(library(irrCAC))
    x <- as.data.frame(read_answers(folder, centres, "double"))
    list(run = function() krippen.alpha.raw(x, weights = "quadratic")$est$coeff.val,
      numbers = identity)
  }))
