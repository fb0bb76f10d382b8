# Reference values for tests/agreement: run from this folder with `Rscript make.R`.
# Reads pairs.csv (survey and checklist points of 24 centres, and a second set of 6 with ties) and
# writes expected.csv; R and package versions stand in the last column.
suppressMessages(library(psych))

describe <- function(pairs, level) {
  d <- pairs$checklist - pairs$survey
  n <- length(d)
  z <- qnorm((1 + level) / 2)
  tail <- c((1 - level) / 2, (1 + level) / 2)
  factors <- qt(tail, n - 1, ncp = z * sqrt(n)) / sqrt(n)
  bias <- t.test(pairs$checklist, pairs$survey, paired = TRUE, conf.level = level)
  r <- cor.test(pairs$survey, pairs$checklist, conf.level = level)
  icc <- ICC(pairs[, c("survey", "checklist")], lmer = FALSE, alpha = 1 - level)$results
  absolute <- icc[icc$type == "ICC2", ]
  consistency <- icc[icc$type == "ICC3", ]
  base <- R.version.string
  psych_version <- paste("psych", packageVersion("psych"))
  rows <- list(
    list("bias", mean(d), bias$conf.int, paste("t.test(paired = TRUE)", base)),
    list("sd_difference", sd(d), sd(d) * sqrt((n - 1) / qchisq(rev(tail), n - 1)),
         paste("qchisq", base)),
    list("loa_low", mean(d) - z * sd(d), mean(d) - sd(d) * rev(factors), paste("qt(ncp)", base)),
    list("loa_high", mean(d) + z * sd(d), mean(d) + sd(d) * factors, paste("qt(ncp)", base)),
    list("pearson_r", unname(r$estimate), r$conf.int, paste("cor.test", base)),
    list("icc_a1", absolute$ICC, c(absolute$`lower bound`, absolute$`upper bound`), psych_version),
    list("icc_c1", consistency$ICC, c(consistency$`lower bound`, consistency$`upper bound`),
         psych_version)
  )
  do.call(rbind, lapply(rows, function(row) data.frame(
    statistic = row[[1]], estimate = row[[2]], ci_low = row[[3]][1], ci_high = row[[3]][2],
    made_by = row[[4]])))
}

pairs <- read.csv("pairs.csv")
blocks <- list()
for (set in unique(pairs$set)) for (level in c(0.9, 0.95)) {
  block <- describe(pairs[pairs$set == set, ], level)
  blocks[[length(blocks) + 1]] <- cbind(set = set, level = level, block)
}
expected <- do.call(rbind, blocks)
numbers <- c("estimate", "ci_low", "ci_high")
expected[numbers] <- lapply(expected[numbers], function(x) formatC(x, digits = 15, format = "g"))
write.csv(expected, "expected.csv", row.names = FALSE, quote = FALSE)
