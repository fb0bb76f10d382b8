# Reference values for tests/agreement/test_mixed_model.py: run from this folder with
# `Rscript mixed_model.R`. Writes mixed_model_input.csv (made-up scores of three groups by survey and
# checklist, without sampling error; seeded) and mixed_model_expected.csv: nlme's REML variances.
# Set "inner": all components above zero. Set "bound": no halo; its variance ends at zero,
# which nlme, searching its logarithm, only comes near to.
suppressMessages(library(nlme))

groups <- c("a", "b", "c")
make <- function(set, seed, n, regions, halo) {
  set.seed(seed)
  region <- sort(rep_len(seq_len(regions), n))
  normal <- function(sd, columns) matrix(rnorm(n * columns, 0, sd), n)
  trait <- matrix(normal(5, 1), n, 3) + normal(3, 3)
  survey <- trait + matrix(normal(halo, 1), n, 3) + normal(2, 3)
  checklist <- trait + matrix(normal(6, 1), n, 3) + normal(7, 3)
  shift <- matrix(rnorm(6 * regions, 0, 4), regions)[region, ]
  scores <- round(70 + cbind(survey, checklist) + shift, 3)
  colnames(scores) <- c(paste0("survey_", groups), paste0("checklist_", groups))
  data.frame(set, region, scores)
}
input <- rbind(make("inner", 20261129, 90, 4, 4), make("bound", 4, 60, 3, 0))
write.csv(input, "mixed_model_input.csv", row.names = FALSE, quote = FALSE)

rows <- list()
for (set in unique(input$set)) {
  d <- input[input$set == set, ]
  n <- nrow(d)
  long <- data.frame(
    centre = factor(rep(seq_len(n), 6)), region = factor(rep(d$region, 6)),
    group = factor(rep(rep(groups, each = n), 2)),
    method = factor(rep(c("survey", "checklist"), each = 3 * n)), y = unlist(d[-(1:2)]))
  long$survey <- as.numeric(long$method == "survey")
  long$checklist <- 1 - long$survey
  long$cell <- interaction(long$region, long$group, long$method)
  fit <- lme(y ~ 0 + cell, data = long, method = "REML",
             random = list(centre = pdBlocked(list(pdIdent(~1), pdIdent(~0 + survey),
                                                   pdIdent(~0 + checklist))), group = pdIdent(~1)),
             weights = varIdent(form = ~1 | method),
             control = lmeControl(opt = "optim", maxIter = 500, msMaxIter = 2000, niterEM = 200,
                                  tolerance = 1e-12, msTol = 1e-13, reltol = 1e-14))
  s <- fit$modelStruct$reStruct
  v <- diag(as.matrix(s$centre)) * fit$sigma^2
  ratio <- coef(fit$modelStruct$varStruct, unconstrained = FALSE, allCoef = TRUE)
  specific <- (fit$sigma * ratio)^2
  value <- c(trait_common = v[[1]], trait_own = as.numeric(as.matrix(s$group)) * fit$sigma^2,
             halo = v[[2]], checklist_method = v[[3]],
             survey_specific = specific[["survey"]], checklist_specific = specific[["checklist"]],
             log_likelihood = as.numeric(logLik(fit)))
  rows[[set]] <- data.frame(set, statistic = names(value),
                            estimate = trimws(formatC(value, digits = 12, format = "g")),
                            made_by = paste("nlme", packageVersion("nlme")))
}
write.csv(do.call(rbind, rows), "mixed_model_expected.csv", row.names = FALSE, quote = FALSE)
