# Reference values for tests/rating/case_mix: run from this folder with  Rscript case_mix.R
# R's lm with a constant of every centre, on single respondents. Writes case_mix_input.csv (made up:
# 600 respondents of 12 centres, three questions with missing answers, three traits, the last with
# unknown values), and
#   case_mix_coefficients.csv  coefficients of the levels, without and with weights
#   case_mix_adjusted.csv      prediction of every centre at the mean mix of those who answered
set.seed(20261128)
n <- 600
k <- sample(1:12, n, TRUE, prob = seq(1, 3, length.out = 12))
tilt <- rnorm(12, 0, .8)
d <- data.frame(centre = sprintf("c%02d", k),
                sex = ifelse(runif(n) < plogis(tilt[k]), "f", "m"),
                age = c("0-29", "30-59", "60+")[1 + (runif(n) < plogis(.5 + tilt[k])) + (runif(n) < .35)],
                education = sample(c("higher", "school", ""), n, TRUE, c(.45, .4, .15)),
                weight = round(exp(rnorm(n, 0, .5)), 3))
shift <- .4 * (d$sex == "f") + .5 * (d$age == "60+") - .3 * (d$education == "higher") + rnorm(12, 0, .4)[k]
h <- rnorm(n)
for (q in c("a", "b", "c")) {
  d[[q]] <- findInterval(shift + .6 * h + .8 * rnorm(n), c(-1, -.3, .3, 1)) + 1
  d[[q]][runif(n) < .06] <- NA
}
write.csv(d, "case_mix_input.csv", row.names = FALSE, quote = FALSE, na = "")
most <- function(x) { t <- table(x[x != ""]); names(t)[which.max(t)] }
for (t in c("sex", "age", "education")) d[[t]] <- relevel(factor(d[[t]]), most(d[[t]]))
coefs <- adjusted <- NULL
for (weighted in c(FALSE, TRUE)) for (q in c("a", "b", "c")) {
  x <- d[!is.na(d[[q]]), ]
  x$y <- 25 * (x[[q]] - 1)
  x$w <- if (weighted) x$weight else 1
  fit <- lm(y ~ 0 + centre + sex + age + education, data = x, weights = w)
  b <- coef(fit)[!grepl("^centre", names(coef(fit)))]
  z <- model.matrix(fit)[, names(b)]
  mix <- colSums(z * x$w) / sum(x$w)
  coefs <- rbind(coefs, data.frame(weighted, indicator = q, term = names(b), estimate = b,
                                   se_lm = sqrt(diag(vcov(fit)))[names(b)]))
  centres <- coef(fit)[grepl("^centre", names(coef(fit)))]
  adjusted <- rbind(adjusted, data.frame(weighted, indicator = q, centre = sub("centre", "", names(centres)),
                                         adjusted = centres + sum(mix * b)))
}
write.csv(format(coefs, digits = 15), "case_mix_coefficients.csv", row.names = FALSE, quote = FALSE)
write.csv(format(adjusted, digits = 15), "case_mix_adjusted.csv", row.names = FALSE, quote = FALSE)
