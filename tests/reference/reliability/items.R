# Reference values for tests/reliability/items, made by psych.
# Run from this folder: Rscript items.R
suppressPackageStartupMessages({library(psych); library(lavaan)})
options(digits = 17, warn = -1, mc.cores = 1)
source("write.R")
answers <- read.csv("answers.csv"); answers$a3 <- 6 - answers$a3
groups <- list(a = paste0("a", 1:5), b = paste0("b", 1:4), c = paste0("c", 1:6))
groups$index <- unlist(groups, use.names = FALSE)
data <- c(lapply(groups, function(keys) answers[keys]), list(
  visual = HolzingerSwineford1939[paste0("x", 1:3)], textual = HolzingerSwineford1939[paste0("x", 4:6)],
  speed = HolzingerSwineford1939[paste0("x", 7:9)], hs = HolzingerSwineford1939[paste0("x", 1:9)]))
rows <- lapply(names(data), function(name) {
  x <- data[[name]]
  found <- alpha(x, warnings = FALSE, check.keys = FALSE)
  s <- found$item.stats; about <- describe(x)
  values <- cbind(item_total = s$raw.r, item_total_standardised = s$std.r,
                  item_total_corrected = s$r.cor, item_rest = s$r.drop,
                  alpha_if_dropped = found$alpha.drop$raw_alpha, mean = about$mean, sd = about$sd,
                  skew = about$skew, kurtosis = about$kurtosis,
                  floor = colMeans(x == 1), ceiling = colMeans(x == 5))
  data.frame(group = name, indicator = rep(names(x), ncol(values)),
             statistic = rep(colnames(values), each = ncol(x)), value = as.vector(values))
})
write(do.call(rbind, rows), "items")
record_versions("psych", "lavaan")
