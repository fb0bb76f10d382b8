# Reference values for tests/rating/regional: run from this folder with
#   Rscript regional.R
# metafor is installed. Writes regional_input.csv (seeded, made up) and regional_expected.csv.
suppressMessages(library(metafor))
set.seed(20261127)
make <- function(set, sizes, sd_region, sd_centre) {
  region <- rep(seq_along(sizes), sizes)
  error <- round(runif(length(region), 1, 5), 3)
  y <- 70 + rnorm(length(sizes), 0, sd_region)[region] + rnorm(length(region), 0, sd_centre) + rnorm(length(region), 0, error)
  data.frame(set, region, y = round(y, 3), error)
}
input <- rbind(make("varied", c(3, 12, 7, 9, 1, 15, 6, 10), 4, 5),
               make("alike", c(8, 6, 10, 5, 9), 0, 4),
               make("even", rep(6, 6), 5, 0.5))
input$centre <- seq_len(nrow(input))
write.csv(input, "regional_input.csv", row.names = FALSE, quote = FALSE)
rows <- list()
add <- function(set, statistic, values)
  rows[[length(rows) + 1]] <<- data.frame(set, statistic, made_by = paste("metafor", packageVersion("metafor")),
    estimate = format(values[1], digits = 15), ci_low = format(values[2], digits = 15), ci_high = format(values[3], digits = 15))
control <- list(optimizer = "nlminb", rel.tol = 1e-10)
for (set in unique(input$set)) {
  d <- input[input$set == set, ]
  nested <- rma.mv(y, error^2, random = ~ 1 | region/centre, data = d, control = control)
  cs <- rma.mv(y, error^2, random = ~ centre | region, struct = "CS", data = d, control = control)
  profile <- function(fit, ...) suppressWarnings(confint(fit, ..., control = list(tol = 1e-10)))$random[1, ]
  add(set, "between_regions", profile(nested, sigma2 = 1))
  add(set, "between_centres", profile(nested, sigma2 = 2))
  add(set, "share", profile(cs, rho = 1))
  one <- rma(y, error^2, data = d, method = "DL")
  add(set, "dersimonian_laird", c(one$tau2, NA, NA))
  add(set, "q", c(one$QE, NA, NA))
  add(set, "fixed_mean", c(rma(y, error^2, data = d, method = "FE")$beta, NA, NA))
}
write.csv(do.call(rbind, rows), "regional_expected.csv", row.names = FALSE, quote = FALSE)
