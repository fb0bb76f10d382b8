# Reference values for tests/reliability/items, made by psych.
# Run from this folder: Rscript items.R
suppressPackageStartupMessages(library(psych))
options(digits = 17, warn = -1, mc.cores = 1)
answers <- read.csv("answers.csv"); answers$a3 <- 6 - answers$a3
groups <- list(a = paste0("a", 1:5), b = paste0("b", 1:4), c = paste0("c", 1:6))
groups$index <- unlist(groups, use.names = FALSE)
rows <- lapply(names(groups), function(name) {
  x <- answers[groups[[name]]]
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
write.csv(do.call(rbind, rows), "items.csv", row.names = FALSE, quote = FALSE)
