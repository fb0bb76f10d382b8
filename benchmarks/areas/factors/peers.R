# psych and lavaan beside areas/factors: 20 answers 1-5 in five groups of four.
script <- sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)[1])
source(file.path(dirname(script), "..", "..", "frame", "measure.R"))
items <- paste0(rep(letters[1:5], each = 4), 1:4)
load_answers <- function(folder, n) {
  x <- read_answers(folder, n)
  colnames(x) <- items
  x
}
load_package <- function(name) suppressPackageStartupMessages(library(name, character.only = TRUE))
upper <- function(r) r[lower.tri(r)]          # by column of the lower triangle: pairs in row order
model <- paste(sapply(letters[1:5], function(g)
  paste(g, "=~", paste0(g, 1:4, collapse = " + "))), collapse = "\n")
loadings_of <- function(fit) inspect(fit, "std")$lambda[cbind(1:20, rep(1:5, each = 4))]
measure(list(
  psych_polychoric = function(folder, n, centres) {
    load_package("psych"); x <- load_answers(folder, n)
    list(run = function() polychoric(x, correct = 0, smooth = FALSE)$rho, numbers = upper)
  },
  lavaan_polychoric = function(folder, n, centres) {
    load_package("lavaan"); x <- as.data.frame(load_answers(folder, n))
    list(run = function() unclass(lavCor(x, ordered = items, zero.add = c(0, 0))), numbers = upper)
  },
  psych_resampled = function(folder, n, centres) {
    load_package("psych"); x <- load_answers(folder, n)
    rows <- read_rows(folder)
    list(run = function() polychoric(x[rows, ], correct = 0, smooth = FALSE)$rho, numbers = upper)
  },
  psych_parallel = function(folder, n, centres) {
    load_package("psych"); x <- load_answers(folder, n)
    list(run = function() fa.parallel(x, fa = "pc", n.iter = 20, plot = FALSE, sim = FALSE),
      numbers = function(found) found$pc.simr)
  },
  psych_minres = function(folder, n, centres) {
    load_package("psych"); x <- load_answers(folder, n)
    list(run = function() fa(x, 5, rotate = "none", fm = "minres"),
      numbers = function(found) found$communality)
  },
  lavaan_ml = function(folder, n, centres) {
    load_package("lavaan"); x <- as.data.frame(load_answers(folder, n))
    list(run = function() cfa(model, x, std.lv = TRUE, estimator = "ML"), numbers = loadings_of)
  },
  lavaan_wlsmv = function(folder, n, centres) {
    load_package("lavaan"); x <- as.data.frame(load_answers(folder, n))
    list(run = function() cfa(model, x, ordered = items, std.lv = TRUE, estimator = "WLSMV"),
      numbers = loadings_of)
  }))
