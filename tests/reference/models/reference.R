# Reference values for tests/factors/confirmatory, made by lavaan. Run from this folder:
#   Rscript reference.R
suppressPackageStartupMessages(library(lavaan))
options(digits = 17)
write <- function(x, name) {
  frame <- as.data.frame(unclass(x), stringsAsFactors = FALSE)
  write.csv(frame, paste0(name, ".csv"), row.names = FALSE, quote = FALSE)
}
stack <- function(parts) do.call(rbind, lapply(names(parts), function(name)
  cbind(data.frame(case = name), as.data.frame(unclass(parts[[name]])))))
hs <- read.csv("../../../../shared/reference/data/holzinger_swineford_1939.csv")
nine <- "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
one <- "g =~ x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9"
second <- paste0(nine, "\ng =~ visual + textual + speed")
ordinal <- read.csv("ordinal.csv")
two <- "a =~ a1 + a2 + a3 + a4\nb =~ b1 + b2 + b3 + b4"
single <- "g =~ a1 + a2 + a3 + a4 + b1 + b2 + b3 + b4"

# lavaan stops 1e-6 from the optimum by default; a tighter stop makes it doubt its convergence.
close <- list(control = list(rel.tol = 1e-14, x.tol = 1e-14), optim.force.converged = TRUE)
fit <- function(model, ...) suppressWarnings(
  do.call("cfa", c(list(model, hs, std.lv = TRUE, ...), close)))
fit_ordinal <- function(model, ...) suppressWarnings(
  do.call("cfa", c(list(model, ordinal, ordered = names(ordinal), std.lv = TRUE, ...), close)))
ml <- fit(nine); ml_one <- fit(one); ml_second <- fit(second)
mlr <- fit(nine, estimator = "MLR"); mlr_one <- fit(one, estimator = "MLR")
wls <- fit_ordinal(two, estimator = "WLSMV"); wls_one <- fit_ordinal(single, estimator = "WLSMV")

indices <- function(object) {
  table <- modindices(object)
  keep <- c("lhs", "op", "rhs", "mi", "epc", "sepc.all")
  unclass(table[, keep])
}
write(stack(list(ml = indices(ml), ml_one = indices(ml_one), mlr = indices(mlr),
                 wlsmv = indices(wls), wlsmv_one = indices(wls_one))), "modindices")

solution <- function(object) standardizedSolution(object)[, c("lhs", "op", "rhs", "est.std", "se")]
write(stack(list(ml = solution(ml), ml_second = solution(ml_second), mlr = solution(mlr),
                 marker = solution(suppressWarnings(do.call("cfa", c(list(nine, hs), close)))),
                 residual = solution(fit(paste0(nine, "\nx7 ~~ x8"))),
                 regression = solution(fit(paste0(nine, "\nspeed ~ visual + textual"))),
                 wlsmv = solution(wls))), "standardised")

long <- function(scores) data.frame(row = rep(seq_len(nrow(scores)), ncol(scores)),
                                    factor = rep(colnames(scores), each = nrow(scores)),
                                    score = c(unclass(scores)))
twenty <- hs[1:20, ]
write(stack(list(regression = long(lavPredict(ml, newdata = twenty)),
                 bartlett = long(lavPredict(ml, newdata = twenty, method = "Bartlett")),
                 regression_second = long(lavPredict(ml_second, newdata = twenty)))), "scores")

pick <- function(table) {
  frame <- as.data.frame(table)
  data.frame(chi2 = frame[["Chisq diff"]][2], df = frame[["Df diff"]][2],
             p = frame[["Pr(>Chisq)"]][2])
}
write(stack(list(
  likelihood = pick(lavTestLRT(ml, ml_one)),
  satorra_bentler_2001 = pick(lavTestLRT(mlr, mlr_one, method = "satorra.bentler.2001")),
  satorra_2000 = pick(lavTestLRT(wls, wls_one)))), "nested")

residual <- function(object) {
  r <- lavResiduals(object, type = "cor.bollen")$cov
  where <- which(upper.tri(r), arr.ind = TRUE)
  data.frame(indicator = rownames(r)[where[, 1]], other = colnames(r)[where[, 2]],
             residual = r[where])
}
write(stack(list(ml = residual(ml), wlsmv = residual(wls))), "residuals")

# Sample statistics of the ordinal data as lavaan has them: thresholds by item, correlations, and
# the asymptotic covariance matrix of both divided by n.
write(data.frame(statistic = unlist(lapply(names(ordinal), function(item)
                   unname(lavInspect(wls, "sampstat")$th[grep(paste0("^", item, "[|]"),
                     names(lavInspect(wls, "sampstat")$th))])))), "thresholds")
R <- unclass(lavInspect(wls, "sampstat")$cov)
write(R, "polychoric")
write(lavInspect(wls, "gamma") / nrow(ordinal), "covariance_of_statistics")

measures <- function(object) {
  names <- c("chisq", "df", "cfi", "rmsea", "srmr")
  data.frame(statistic = names, value = unname(fitMeasures(object, names)))
}
write(stack(list(ml = measures(ml), ml_one = measures(ml_one), ml_second = measures(ml_second),
                 wlsmv = measures(wls), wlsmv_one = measures(wls_one))),
      "fit")
writeLines(c(R.version.string, paste("lavaan", packageVersion("lavaan"))), "versions.txt")
