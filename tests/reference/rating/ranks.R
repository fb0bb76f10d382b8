# Reference values for tests/rating/ranks: run from this folder with
#   Rscript ranks.R FILE
# FILE has csranks_simul, csranks_marg and csdiffmeans of the R package csranks (Daniel Wilhelm and
# Pawel Morgen, github.com/danielwilhelm/R-CS-ranks, R/ranks.R and R/diffmeans.R), typed off from
# their public source without the checks of arguments: the package could not be installed where this
# was made, and its code is not kept here. pisa_2018.csv is from the package's data-raw/pisa.csv.
# Writes ranks_expected.csv; reads pisa_2018.csv (OECD, PISA 2018, mathematics; 37 OECD countries).
# The sets are those of csranks' own draws, 50,000 a step, so that pairs near the limit settle.
source(commandArgs(trailingOnly = TRUE)[1])
draws <- 50000
rows <- list()
add <- function(set, cover, level, stepdown, sets)
  rows[[length(rows) + 1]] <<- data.frame(set, cover, level, stepdown, unit = seq_along(sets$L),
                                          low = sets$L, high = sets$U)
compare <- function(name, x, sigma, level, stepdown) {
  set.seed(20261127)
  add(name, "simultaneous", level, stepdown,
      csranks_simul(x, sigma, coverage = level, stepdown = stepdown, R = draws))
  add(name, "marginal", level, stepdown,
      csranks_marg(x, sigma, coverage = level, stepdown = stepdown, R = draws))
}
pisa <- read.csv("pisa_2018.csv")
for (level in c(0.9, 0.95)) compare("pisa", pisa$math_score, diag(pisa$math_se^2), level, TRUE)
compare("pisa", pisa$math_score, diag(pisa$math_se^2), 0.95, FALSE)

# Ten centres with a common error of every two neighbours.
x <- c(81.2, 79.9, 77.5, 74.1, 73.8, 70.0, 66.3, 66.1, 61.7, 55.0)
s <- c(1.1, 2.3, 0.9, 1.7, 2.0, 1.4, 2.6, 0.8, 1.9, 2.2)
r <- 0.6^abs(outer(1:10, 1:10, "-"))
compare("dependent", x, outer(s, s) * r, 0.95, TRUE)
write.csv(do.call(rbind, rows), "ranks_expected.csv", row.names = FALSE, quote = FALSE)
